"""Hold every entity of a file against FollowTheMoney itself: entities.py FILE, in its environment.

Prints a line for each problem, and at the end how many entities there are; ends with 1 if there is one.
"""

import json
import sys
from pathlib import Path

from followthemoney import model
from followthemoney.exc import InvalidData
from followthemoney.types import registry


def problems(entity: dict, schema_of: dict) -> list[str]:
    schema = model.get(entity["schema"])
    if schema is None or schema.abstract:
        return [f"no schema for entities: {entity['schema']}"]
    unknown = entity["properties"].keys() - schema.properties.keys()
    if unknown:
        return [f"{schema.name} has no properties {sorted(unknown)}"]
    found = [f"{name} is missing" for name in schema.required if not entity["properties"].get(name)]
    proxy = model.get_proxy(entity, cleaned=False)
    try:
        schema.validate(entity)
    except InvalidData as problem:
        found.append(f"{problem}: {problem.errors}")
    if not registry.entity.validate(entity["id"]):
        found.append("the id is none")
    for name, values in entity["properties"].items():
        prop = schema.properties[name]
        if sorted(proxy.get(name)) != sorted(values) or not values or prop.deprecated:
            found.append(f"{name}: {values} becomes {proxy.get(name)}")
        if prop.type == registry.entity:
            for value in values:
                end = schema_of.get(value)
                if end is None or not model[end].is_a(prop.range):
                    found.append(f"{name} leads to {value}, which is {end or 'not here'}")
    return found


def main() -> int:
    entities = [json.loads(line) for line in Path(sys.argv[1]).read_text("utf-8").splitlines()]
    schema_of = {entity["id"]: entity["schema"] for entity in entities}
    found = [(entity["id"], problem) for entity in entities for problem in problems(entity, schema_of)]
    if len(schema_of) != len(entities):
        found.append(("the file", "an id stands twice"))
    for name, problem in found:
        print(f"{name}: {problem}")
    print(f"{len(entities)} entities")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
