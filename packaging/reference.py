#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""reference.py MEZZ cli|config: prints docs/reference/cli.md or config.md, made of what the binary says of itself."""
import json
import os
import subprocess
import sys

import command_tree
from man_page import EXIT_STATUS, sentence

MADE = "Made by `packaging/reference.py MEZZ {}`; a test compares."


def cell(text):
    """Text of a table's cell."""
    return text.replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;")


def option_row(entry):
    names = ", ".join(f"`{name}`" for name in entry.names)
    kind = " \\| ".join(entry.choices) if entry.choices else entry.metavar.lower()
    facts = [sentence(entry.text)]
    if entry.required:
        facts.append("Required.")
    if entry.range:
        facts.append(f"In {entry.range.replace(' - ', ' to ')}.")
    if entry.variable:
        facts.append(f"Also by `{entry.variable}`.")
    if entry.excludes:
        facts.append(f"Not with {', '.join(entry.excludes)}.")
    default = f"`{entry.default}`" if entry.default else ""
    return f"| {names} | {kind} | {default} | {cell(' '.join(facts))} |"


def cli(binary):
    root = command_tree.read(binary)
    lines = ["# Command line", "", MADE.format("cli"), "", "Results go to standard output, what happens to standard error.",
             "", "| exit code | meaning |", "|---|---|"]
    lines += [f"| {code} | {text} |" for code, text in EXIT_STATUS]
    common = [o for o in root.options if "--help" not in o.names]
    lines += ["", "Every command takes:", "", "| | value | default | |", "|---|---|---|---|", *map(option_row, common)]
    for command in root.walk():
        if command is root:
            continue
        lines += ["", f"{'##' if len(command.path) == 1 else '###'} {command.name}", "", sentence(command.text)]
        if command.commands:
            continue
        usage = " ".join(command.usage.split()[1 + len(command.path):])
        lines += ["", f"`{command.name} {usage}`"]
        everywhere = {name for o in root.options for name in o.names}
        entries = command.positionals + [o for o in command.options if o.names[-1] not in everywhere]
        if entries:
            lines += ["", "| | value | default | |", "|---|---|---|---|", *map(option_row, entries)]
    return "\n".join(lines) + "\n"


def run(binary, *words):
    env = {**os.environ, "HOME": "~", "LC_ALL": "C.UTF-8"}
    env = {name: value for name, value in env.items() if not (name.startswith("MEZZ_") and "__" in name)}
    return subprocess.run(["mezz", *words], executable=binary, env=env, cwd="/", capture_output=True, text=True, check=True,
                          timeout=20).stdout


def config(binary):
    schema = json.loads(run(binary, "config", "schema"))
    values = {role: {s["key"]: s for s in json.loads(run(binary, "config", "show", "--for", role, "--json"))}
              for role in ("dev", "node")}
    lines = ["# mezz.toml", "", MADE.format("config"), "",
             "Settings come from, the later the stronger: defaults, a preset (`mezz dev NAME`, or `preset = \"NAME\"`), a file (`--config FILE`,",
             "or `mezz.toml` of the current folder), variables (`MEZZ_SECTION__KEY`), flags and `--set section.key=value`. What is not known, of a wrong",
             "kind or out of range is refused with its place. `mezz config show` prints every value with its source, `mezz config explain KEY` one.",
             "", "Presets: " + ", ".join(f"[`{name}`](../../presets/{name}.toml)" for name in schema["properties"]["preset"]["enum"]) + ".",
             "", "Editors check a file against the JSON Schema that `mezz config schema` prints."]
    for section, table in schema["properties"].items():
        if section == "preset":
            continue
        lines += ["", f"## [{section}]", "", "| key | what | `mezz dev` | `mezz node` | flag |", "|---|---|---|---|---|"]
        for key in table["properties"]:
            name = f"{section}.{key}"
            explained = json.loads(run(binary, "config", "explain", name, "--json"))

            def default(role):
                found = values[role].get(name)
                return "" if found is None else f"`{found['value']}`" if found["value"] else "none"
            lines.append(f"| `{key}` | {cell(sentence(explained['what']))} {cell(explained['type'][0].upper() + explained['type'][1:])}. | "
                         f"{default('dev')} | {default('node')} | `{explained['flag']}` |")
    return "\n".join(lines) + "\n"


def main():
    pages = {"cli": cli, "config": config}
    if len(sys.argv) != 3 or sys.argv[2] not in pages:
        sys.exit("usage: reference.py MEZZ cli|config")
    try:
        print(pages[sys.argv[2]](sys.argv[1]), end="")
    except (command_tree.HelpError, OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"reference.py: {error}")


if __name__ == "__main__":
    main()
