#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""check_containerfile.py CONTAINERFILE ROOT: the rules of an image that can be checked without building it.

ROOT is where the .deb is unpacked: programs that the image starts must be in it. Files that are copied must lie beside
the Containerfile. Prints what is wrong, with its line, and exits with 1.
"""
import json
import os
import re
import sys

KNOWN = {"FROM", "ARG", "LABEL", "COPY", "RUN", "USER", "ENV", "WORKDIR", "VOLUME", "EXPOSE", "STOPSIGNAL", "HEALTHCHECK",
         "ENTRYPOINT", "CMD"}


def instructions(path):
    """(line, name, arguments), with continued lines joined."""
    joined, start = "", 0
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        line = line.rstrip("\n")
        if line.lstrip().startswith("#") or not (line.strip() or joined):
            continue
        start = start or number
        joined += line.removesuffix("\\")
        if line.endswith("\\"):
            continue
        name, _, arguments = joined.strip().partition(" ")
        yield start, name, arguments.strip()
        joined, start = "", 0
    if joined:
        yield start, "", joined


def problems(path, root):
    found, variables = [], {}
    last = {}

    def wrong(line, what):
        found.append(f"{path}:{line}: {what}")

    def program(line, text, name):
        try:
            words = json.loads(text)
        except ValueError:
            return wrong(line, f"{name} is no JSON array, so a shell would stand between it and signals")
        if not os.access(os.path.join(root, words[0].lstrip("/")), os.X_OK):
            wrong(line, f"{name}: {words[0]} is no program of the package")

    for line, name, arguments in instructions(path):
        if name not in KNOWN:
            wrong(line, f"unknown instruction {name!r}")
        if not last and name != "FROM":
            wrong(line, "the first instruction is not FROM")
        if name in last and name in ("ENTRYPOINT", "CMD", "HEALTHCHECK", "FROM"):
            wrong(line, f"a second {name}")
        last[name] = (line, arguments)
        if re.search(r"@[A-Z]+@", arguments):
            wrong(line, f"a placeholder is left: {arguments}")
        if name == "ARG" and "=" in arguments:
            key, value = arguments.split("=", 1)
            variables[key] = value
        if name == "COPY":
            source = re.sub(r"\$\{(\w+)\}", lambda m: variables.get(m[1], ""), arguments.split()[0])
            if not os.path.isfile(os.path.join(os.path.dirname(path), source)):
                wrong(line, f"COPY: {source} does not lie beside it")
        if name == "FROM" and not re.fullmatch(r"docker\.io/library/debian:\d+-slim", arguments):
            wrong(line, f"FROM {arguments}: not a slim Debian release by its full name")
        if name == "USER" and (not arguments.isdigit() or arguments == "0"):
            wrong(line, f"USER {arguments}: not the number of a user without rights")
        if name == "EXPOSE" and not all(p.isdigit() and 0 < int(p) < 65536 for p in arguments.split()):
            wrong(line, f"EXPOSE {arguments}: not ports")
        if name == "ENTRYPOINT":
            program(line, arguments, name)
        if name == "HEALTHCHECK":
            program(line, arguments.partition("CMD ")[2], name)
    for name in ("USER", "HEALTHCHECK", "EXPOSE", "ENTRYPOINT", "VOLUME"):
        if name not in last:
            wrong(1, f"no {name}")
    if "USER" in last and "RUN" in last and last["RUN"][0] > last["USER"][0]:
        wrong(last["RUN"][0], "RUN after USER cannot install")
    return found


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: check_containerfile.py CONTAINERFILE ROOT")
    found = problems(*sys.argv[1:])
    print("\n".join(found), end="\n" if found else "")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
