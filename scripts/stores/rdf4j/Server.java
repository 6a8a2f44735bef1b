import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import org.eclipse.rdf4j.model.IRI;
import org.eclipse.rdf4j.model.Resource;
import org.eclipse.rdf4j.query.BooleanQuery;
import org.eclipse.rdf4j.query.GraphQuery;
import org.eclipse.rdf4j.query.MalformedQueryException;
import org.eclipse.rdf4j.query.Query;
import org.eclipse.rdf4j.query.QueryLanguage;
import org.eclipse.rdf4j.query.TupleQuery;
import org.eclipse.rdf4j.query.impl.SimpleDataset;
import org.eclipse.rdf4j.query.resultio.sparqljson.SPARQLBooleanJSONWriter;
import org.eclipse.rdf4j.query.resultio.sparqljson.SPARQLResultsJSONWriter;
import org.eclipse.rdf4j.repository.RepositoryConnection;
import org.eclipse.rdf4j.repository.sail.SailRepository;
import org.eclipse.rdf4j.rio.RDFFormat;
import org.eclipse.rdf4j.rio.RDFParseException;
import org.eclipse.rdf4j.rio.Rio;
import org.eclipse.rdf4j.sail.nativerdf.NativeStore;

/**
 * RDF4J's NativeStore behind RDF4J's REST protocol, for proofs on the local machine: queries, updates,
 * statements and named graphs, with the paths and parameters of the RDF4J Server, which is not published
 * with Maven. Every request that writes is one transaction.
 *
 * Run: java -cp 'FOLDER-OF-CLASSES:FOLDER-OF-JARS/*' Server PORT FOLDER-OF-THE-STORE
 * The repository is then http://127.0.0.1:PORT/rdf4j-server/repositories/filiation
 */
public class Server {
    private static final String PATH = "/rdf4j-server/repositories/filiation";
    private static SailRepository repository;

    /** What a client asked for that cannot be done, with the status that says so. */
    private static class Refusal extends Exception {
        final int status;

        Refusal(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    private record Answer(int status, String type, byte[] body) {}

    public static void main(String[] arguments) throws IOException {
        NativeStore store = new NativeStore(new File(arguments[1]), "spoc,posc,ospc,cspo");
        repository = new SailRepository(store);
        repository.init();
        InetAddress loopback = InetAddress.getByName("127.0.0.1");
        HttpServer server = HttpServer.create(
                new InetSocketAddress(loopback, Integer.parseInt(arguments[0])), 0);
        server.createContext(PATH, Server::handle);
        server.setExecutor(Executors.newFixedThreadPool(4));
        Runtime.getRuntime().addShutdownHook(new Thread(repository::shutDown));
        server.start();
    }

    private static void handle(HttpExchange exchange) throws IOException {
        Answer answer;
        try {
            answer = answer(exchange);
        } catch (Refusal problem) {
            answer = text(problem.status, problem.getMessage());
        } catch (MalformedQueryException | RDFParseException problem) {
            answer = text(400, problem.getMessage());
        } catch (Exception problem) {
            answer = text(500, problem.toString());
        }
        try (exchange) {
            // The client may still be sending: a connection with unread bytes would be cut.
            exchange.getRequestBody().transferTo(java.io.OutputStream.nullOutputStream());
            if (answer.type != null) {
                exchange.getResponseHeaders().set("Content-Type", answer.type);
            }
            exchange.sendResponseHeaders(answer.status, answer.body.length == 0 ? -1 : answer.body.length);
            if (answer.body.length > 0) {
                exchange.getResponseBody().write(answer.body);
            }
        }
    }

    private static Answer text(int status, String message) {
        return new Answer(status, "text/plain;charset=UTF-8", message.getBytes(StandardCharsets.UTF_8));
    }

    private static Answer answer(HttpExchange exchange) throws Exception {
        Map<String, List<String>> parameters = new HashMap<>();
        decode(exchange.getRequestURI().getRawQuery(), parameters);
        String type = exchange.getRequestHeaders().getFirst("Content-Type");
        type = type == null ? "" : type.split(";")[0].trim().toLowerCase();
        if (type.equals("application/x-www-form-urlencoded")) {
            decode(string(exchange.getRequestBody()), parameters);
        }
        String path = exchange.getRequestURI().getPath().substring(PATH.length());
        try (RepositoryConnection connection = repository.getConnection()) {
            switch (path) {
                case "":
                    String query = type.equals("application/sparql-query")
                            ? string(exchange.getRequestBody())
                            : one(parameters, "query");
                    return query(connection, query, parameters);
                case "/statements":
                    return statements(connection, exchange, type, parameters);
                case "/rdf-graphs/service":
                    IRI graph = connection.getValueFactory().createIRI(one(parameters, "graph"));
                    return content(connection, exchange, type, graph);
                default:
                    throw new Refusal(404, "nothing here");
            }
        }
    }

    /** SPARQL 1.1 Protocol, section 2.1. */
    private static Answer query(
            RepositoryConnection connection, String text, Map<String, List<String>> parameters)
            throws Exception {
        Query query = connection.prepareQuery(QueryLanguage.SPARQL, text);
        SimpleDataset dataset = new SimpleDataset();
        for (String graph : parameters.getOrDefault("default-graph-uri", List.of())) {
            dataset.addDefaultGraph(connection.getValueFactory().createIRI(graph));
        }
        for (String graph : parameters.getOrDefault("named-graph-uri", List.of())) {
            dataset.addNamedGraph(connection.getValueFactory().createIRI(graph));
        }
        if (!dataset.getDefaultGraphs().isEmpty() || !dataset.getNamedGraphs().isEmpty()) {
            query.setDataset(dataset);
        }
        if (parameters.containsKey("timeout")) {
            query.setMaxExecutionTime(Integer.parseInt(one(parameters, "timeout")));
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (query instanceof TupleQuery) {
            ((TupleQuery) query).evaluate(new SPARQLResultsJSONWriter(body));
        } else if (query instanceof BooleanQuery) {
            new SPARQLBooleanJSONWriter(body).handleBoolean(((BooleanQuery) query).evaluate());
        } else {
            ((GraphQuery) query).evaluate(Rio.createWriter(RDFFormat.NTRIPLES, body));
            return new Answer(200, "application/n-triples", body.toByteArray());
        }
        return new Answer(200, "application/sparql-results+json", body.toByteArray());
    }

    /** RDF4J REST API: everything in the repository, or, with SPARQL, an update. */
    private static Answer statements(
            RepositoryConnection connection, HttpExchange exchange, String type,
            Map<String, List<String>> parameters) throws Exception {
        Resource[] no = {};
        switch (exchange.getRequestMethod()) {
            case "GET":
                ByteArrayOutputStream body = new ByteArrayOutputStream();
                connection.export(Rio.createWriter(RDFFormat.NQUADS, body));
                return new Answer(200, "application/n-quads", body.toByteArray());
            case "POST":
                connection.begin();
                if (type.equals("application/sparql-update") || parameters.containsKey("update")) {
                    String update = type.equals("application/sparql-update")
                            ? string(exchange.getRequestBody())
                            : one(parameters, "update");
                    connection.prepareUpdate(QueryLanguage.SPARQL, update).execute();
                } else {
                    connection.add(exchange.getRequestBody(), "", format(type), no);
                }
                connection.commit();
                return new Answer(204, null, new byte[0]);
            case "DELETE":
                connection.begin();
                connection.clear(no);
                connection.commit();
                return new Answer(204, null, new byte[0]);
            default:
                throw new Refusal(405, "not here");
        }
    }

    /** Graph Store HTTP Protocol, section 5. */
    private static Answer content(
            RepositoryConnection connection, HttpExchange exchange, String type, IRI graph)
            throws Exception {
        String method = exchange.getRequestMethod();
        if (method.equals("GET")) {
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            connection.export(Rio.createWriter(RDFFormat.NTRIPLES, body), graph);
            return new Answer(200, "application/n-triples", body.toByteArray());
        }
        connection.begin();
        if (method.equals("PUT") || method.equals("DELETE")) {
            connection.clear(graph);
        } else if (!method.equals("POST")) {
            throw new Refusal(405, "not here");
        }
        if (!method.equals("DELETE")) {
            connection.add(exchange.getRequestBody(), "", format(type), graph);
        }
        connection.commit();
        return new Answer(204, null, new byte[0]);
    }

    private static RDFFormat format(String type) throws Refusal {
        return Rio.getParserFormatForMIMEType(type)
                .orElseThrow(() -> new Refusal(415, "no RDF is known as " + type));
    }

    private static String one(Map<String, List<String>> parameters, String name) throws Refusal {
        List<String> values = parameters.getOrDefault(name, List.of());
        if (values.size() != 1) {
            throw new Refusal(400, "one parameter `" + name + "` is needed");
        }
        return values.get(0);
    }

    private static void decode(String form, Map<String, List<String>> parameters) {
        for (String pair : form == null ? new String[0] : form.split("&")) {
            String[] parts = pair.split("=", 2);
            String value = parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8);
            parameters
                    .computeIfAbsent(
                            URLDecoder.decode(parts[0], StandardCharsets.UTF_8), key -> new ArrayList<>())
                    .add(value);
        }
    }

    private static String string(InputStream body) throws IOException {
        return new String(body.readAllBytes(), StandardCharsets.UTF_8);
    }
}
