#!/usr/bin/env python3
"""Validates playbooks with a JSON Schema validator that is not ours.

    validate_playbooks.py SCHEMA FOLDER [BAD...]

Every playbook under FOLDER has to be valid against SCHEMA, every BAD file invalid. Playbooks are the YAML files that
have steps; what stands beside them has schemas of its own.
"""

import json
import sys
from pathlib import Path

import jsonschema
import yaml


class Words(yaml.SafeLoader):
    """Reads true and false as booleans and dates as text, as playbooks do; YAML 1.1 would take more."""


Words.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag.rpartition(":")[2] in ("int", "float", "null")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
Words.add_implicit_resolver("tag:yaml.org,2002:bool", __import__("re").compile("^(?:true|false)$"), list("tf"))


def problems(validator, path):
    document = yaml.load(path.read_text(), Words)
    return [f"{'/'.join(map(str, error.absolute_path))}: {error.message}" for error in validator.iter_errors(document)]


def main(schema, folder, *bad):
    schema = json.loads(Path(schema).read_text())
    kind = jsonschema.validators.validator_for(schema)
    kind.check_schema(schema)
    validator = kind(schema)
    good = [path for path in sorted(Path(folder).rglob("*.yaml")) if "\nsteps:" in path.read_text()]
    wrong = 0
    for path in good + [Path(name) for name in bad]:
        found = problems(validator, path)
        print(f"{path}: {'invalid' if found else 'valid'}")
        if bool(found) != (str(path) in bad):
            wrong += 1
            print("\n".join(f"  {line}" for line in found))
    return 1 if wrong or not good else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
