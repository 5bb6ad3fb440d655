#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""man_page.py MEZZ VERSION DATE: prints mezz.1, made from the help of the binary. DATE is YYYY-MM-DD."""
import re
import sys

import command_tree

EXIT_STATUS = [("0", "Done."), ("1", "Failed; the reason is on standard error."),
               ("2", "The command line or the configuration is wrong."),
               ("3", "A verification says invalid."), ("4", "A node or a chain could not be reached.")]
FILES = [("~/.mezz/dev", "State of mezz dev, unless --state names another folder."),
         ("/etc/mezz/NAME.env", "Settings of the service mezz@NAME."),
         ("/var/lib/mezz/NAME", "State of the service mezz@NAME."),
         ("/usr/lib/mezz/stf.elf", "The program that proofs and disputes are about, as an image for its machine.")]


def escape(text):
    """Text as troff reads it: hyphens that can be copied, no line that starts a request."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("~", "\\(ti").replace("^", "\\(ha")
    return re.sub(r"^([.'])", r"\\&\1", text)


def sentence(text):
    return text if not text or text.endswith((".", "!", "?")) else text + "."


def entry_lines(entry, positional):
    value = entry.metavar
    head = ", ".join(f"\\fB{escape(name)}\\fR" for name in entry.names)
    if positional:
        head = f"\\fI{escape(entry.names[0])}\\fR"
    elif entry.choices:
        head += " " + "|".join(f"\\fB{escape(choice)}\\fR" for choice in entry.choices)
    elif value:
        head += f" \\fI{escape(value)}\\fR"
    facts = []
    if entry.required:
        facts.append("Required.")
    if entry.range:
        facts.append(f"In {entry.range.replace(' - ', ' to ')}.")
    if entry.default:
        facts.append(f"Default: {entry.default}.")
    if entry.variable:
        facts.append(f"May be given by the environment variable {entry.variable}.")
    if entry.excludes:
        facts.append(f"Not with {', '.join(entry.excludes)}.")
    return [".TP", head, escape(" ".join([sentence(entry.text), *facts]).strip()) or "\\&"]


def page(root, version, date):
    lines = [f'.TH MEZZ 1 "{date}" "mezz {version}" "User Commands"', ".SH NAME",
             escape("mezz") + " \\- run, verify and dispute a rollup", ".SH SYNOPSIS"]
    for command in root.walk():
        if command.commands:
            continue
        words = escape(" ".join(command.usage.split()[1 + len(command.path):]))
        lines += [f"\\fB{escape(command.name)}\\fR {words}", ".br"]
    lines += [".SH DESCRIPTION", "The stack of a rollup in one program.", "Servers listen on the loopback",
              "interface unless an option says otherwise. Results go to standard output, what happens to standard error."]
    lines.append(".SH COMMANDS")
    everywhere = {name for option in root.options for name in option.names}
    for command in root.walk():
        if command is root:
            continue
        lines += [f'.SS "{escape(command.name)}"', escape(sentence(command.text))]
        for entry in command.positionals:
            lines += entry_lines(entry, positional=True)
        for entry in command.options:
            if entry.names[-1] not in everywhere:
                lines += entry_lines(entry, positional=False)
    lines += [".SH OPTIONS", "Of every command:"]
    for entry in root.options:
        lines += entry_lines(entry, positional=False)
    for heading, rows in (("EXIT STATUS", EXIT_STATUS), ("FILES", FILES)):
        lines.append(f".SH {heading}")
        for name, text in rows:
            lines += [".TP", f"\\fB{escape(name)}\\fR", escape(text)]
    lines += [".SH SEE ALSO", "\\fBsystemctl\\fR(1), \\fBjournalctl\\fR(1)"]
    return "\n".join(lines) + "\n"


def main():
    if len(sys.argv) != 4:
        sys.exit("usage: man_page.py MEZZ VERSION DATE")
    try:
        print(page(command_tree.read(sys.argv[1]), *sys.argv[2:]), end="")
    except (command_tree.HelpError, OSError) as error:
        sys.exit(f"man_page.py: {error}")


if __name__ == "__main__":
    main()
