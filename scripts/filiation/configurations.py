"""How to serve a release from the stores that people use: a configuration for each, ready to run.

The questions ask for statements without naming a graph, so in every store the default graph of a query is
the union of all named graphs: Fuseki and Oxigraph have to be told, GraphDB and QLever do so by themselves.
Nothing is inferred by a store, for what follows is in the release already.
"""

from filiation import layout
from filiation.material import Material
from filiation.release import Release

#: Where the stores keep their data, below the folder they run in, and the ports that they use by themselves.
FUSEKI = """\
# Apache Jena Fuseki 5, with TDB2. In the folder of the release:
#   tdb2.tdbloader --loc fuseki-data {nquads}
#   fuseki-server --config fuseki-config.ttl
# The endpoint is then http://localhost:3030/filiation/sparql

PREFIX : <#>
PREFIX fuseki: <http://jena.apache.org/fuseki#>
PREFIX ja: <http://jena.hpl.hp.com/2005/11/Assembler#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX tdb2: <http://jena.apache.org/2016/tdb#>

[] a fuseki:Server ;
    fuseki:services ( :service ) .

:service a fuseki:Service ;
    rdfs:label "Filiation {version}" ;
    fuseki:name "filiation" ;
    fuseki:endpoint [ fuseki:operation fuseki:query ; fuseki:name "sparql" ] ;
    fuseki:endpoint [ fuseki:operation fuseki:gsp-r ; fuseki:name "get" ] ;
    fuseki:dataset :dataset .

:dataset a tdb2:DatasetTDB2 ;
    tdb2:location "fuseki-data" ;
    # The questions name no graph: let them see the statements of all graphs.
    tdb2:unionDefaultGraph true ;
    # Milliseconds that a query may take.
    ja:context [ ja:cxtName "arq:queryTimeout" ; ja:cxtValue "60000" ] .
"""

QLEVER = """\
# QLever. In the folder of the release: qlever index && qlever start
# A query without GRAPH or FROM sees the statements of all graphs; that is how QLever works.

[data]
NAME = filiation
DESCRIPTION = Filiation {version} ({date}): {about}
FORMAT = nq

[index]
INPUT_FILES = {nquads}
CAT_INPUT_FILES = zcat ${{INPUT_FILES}}
PARALLEL_PARSING = true

[server]
PORT = 7019
MEMORY_FOR_QUERIES = 2G
TIMEOUT = 60s

[runtime]
SYSTEM = docker
IMAGE = docker.io/adfreiburg/qlever:latest

[ui]
UI_CONFIG = default
"""

GRAPHDB = """\
# Ontotext GraphDB 10. With a server that is stopped, in the folder of the release:
#   importrdf preload -c graphdb-config.ttl {nquads}
# The endpoint is then http://localhost:7200/repositories/filiation
# A query without FROM sees the statements of all graphs; that is how GraphDB works.

PREFIX graphdb: <http://www.ontotext.com/config/graphdb#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX rep: <http://www.openrdf.org/config/repository#>
PREFIX sail: <http://www.openrdf.org/config/sail#>
PREFIX sr: <http://www.openrdf.org/config/repository/sail#>

[] a rep:Repository ;
    rep:repositoryID "filiation" ;
    rdfs:label "Filiation {version}" ;
    rep:repositoryImpl [
        rep:repositoryType "graphdb:SailRepository" ;
        sr:sailImpl [
            sail:sailType "graphdb:Sail" ;
            graphdb:repository-type "file-repository" ;
            graphdb:storage-folder "storage" ;
            graphdb:base-URL "{base}" ;
            graphdb:defaultNS "" ;
            graphdb:imports "" ;
            # What follows is in the release already, in a graph of its own.
            graphdb:ruleset "empty" ;
            graphdb:disable-sameAs "true" ;
            graphdb:check-for-inconsistencies "false" ;
            graphdb:entity-id-size "32" ;
            graphdb:entity-index-size "10000000" ;
            graphdb:enable-context-index "true" ;
            graphdb:enablePredicateList "true" ;
            graphdb:enable-literal-index "true" ;
            graphdb:in-memory-literal-properties "true" ;
            graphdb:query-timeout "60" ;
            graphdb:throw-QueryEvaluationException-on-timeout "true" ;
            graphdb:query-limit-results "0" ;
            graphdb:read-only "false" ;
        ]
    ] .
"""

OXIGRAPH = """\
#!/bin/sh
# Oxigraph 0.5. In the folder of the release: sh oxigraph.sh
# The endpoint is then http://localhost:7878/query
set -eu
oxigraph load --location oxigraph-data --file {nquads}
# The questions name no graph: let them see the statements of all graphs. Nobody can write.
exec oxigraph serve-read-only --location oxigraph-data --bind localhost:7878 \\
    --union-default-graph --timeout-s 60
"""

#: File name -> what it is, and its text.
FILES = {
    "fuseki-config.ttl": ("Server configuration for Apache Jena Fuseki with TDB2", FUSEKI),
    "graphdb-config.ttl": ("Repository configuration for GraphDB", GRAPHDB),
    "Qleverfile": ("Configuration for QLever", QLEVER),
    "oxigraph.sh": ("Commands that load and serve with Oxigraph", OXIGRAPH),
}
_MEDIA_TYPES = {"oxigraph.sh": "application/x-sh", "Qleverfile": "text/plain"}


def write(material: Material, release: Release) -> None:
    """Add a configuration for each store. Raises OSError."""
    edition = material.edition
    words = {
        "version": edition.version,
        "date": edition.date,
        "nquads": f"filiation-{edition.version}.nq.gz",
        "base": layout.BASE,
        "about": "armed groups, their mergers, splits and affiliations, and who says so",
    }
    for name, (title, text) in FILES.items():
        content = text.format(**words).encode()
        release.add(name, content, title=title, role="configuration", media_type=_MEDIA_TYPES.get(name))
