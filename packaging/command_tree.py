# SPDX-License-Identifier: Apache-2.0
"""Reads the commands, positionals and options of mezz from what `mezz COMMAND --help` prints.

The binary is the only source: man page and completions can list nothing that it lacks. A line that does not look like
help is an error, so that a new form of it cannot be lost in silence.
"""
import dataclasses
import os
import re
import subprocess

# Any other heading is that of a group of options.
HEADING = re.compile(r"^(?P<name>[A-Z][A-Za-z /-]*):\s*$")
# What is typed, then what kind of value; CLI11 puts the text from column 30 on, or on the next line.
ENTRY = re.compile(r"^  (?P<left>\S.*?)(?:\s{2,}(?P<text>\S.*))?$")
CONTINUED = re.compile(r"^ {30}(?P<text>\S.*)$")

# TEXT:{a,b}=a, UINT:INT in [0 - 9]=5, TEXT:ORIGIN ...; an equals sign in brackets belongs to the check.
VALUE = re.compile(r"^(?P<kind>[A-Z]+)(?::(?P<check>(?:\[[^]]*\]|\{[^}]*\}|\([^)]*\)|[^=[{(])*))?(?:=(?P<default>.*?))?"
                   r"(?: \.\.\.| x \d+)?$")


class HelpError(Exception):
    """Help that this reader does not understand. Says which command, and the line."""


@dataclasses.dataclass
class Entry:
    """An option or a positional."""
    names: list            # ["-h", "--help"], or the one name of a positional
    text: str = ""
    metavar: str = ""      # TEXT, UINT, ...; "" for a flag
    default: str = ""
    range: str = ""        # "0 - 65535"
    variable: str = ""     # environment variable that may give it
    choices: list = dataclasses.field(default_factory=list)
    excludes: list = dataclasses.field(default_factory=list)
    required: bool = False


@dataclasses.dataclass
class Command:
    path: list             # ["bench", "load"]; [] for mezz itself
    text: str = ""
    usage: str = ""
    options: list = dataclasses.field(default_factory=list)
    positionals: list = dataclasses.field(default_factory=list)
    commands: list = dataclasses.field(default_factory=list)

    @property
    def name(self):
        return " ".join(["mezz", *self.path])

    def walk(self):
        yield self
        for command in self.commands:
            yield from command.walk()


def parse_left(left, where):
    """`--port UINT:INT in [0 - 65535]=9645 Excludes: --x`, in its parts."""
    # An enumeration's help holds the numbers behind its names as raw characters.
    left = re.sub(r"[\x00-\x1f]", "", left)
    words = left.split(" ", 1)
    # A flag may have what another spelling of it stands for, and its default.
    names = [re.sub(r"(\{[^}]*\})?(=.*)?$|^!", "", name) for name in words[0].split(",")]
    entry = Entry(names)
    rest = words[1] if len(words) > 1 else ""
    if match := re.search(r"\s*Excludes: (.*)$", rest):
        entry.excludes = match[1].split()
        rest = rest[: match.start()]
    elif rest.startswith("Excludes: "):
        entry.excludes, rest = rest.split()[1:], ""
    if match := re.search(r"\s*\(Env:(\w+)\)", rest):
        entry.variable = match[1]
        rest = rest[: match.start()] + rest[match.end():]
    if match := re.search(r"\s*\bREQUIRED\b", rest):
        entry.required = True
        rest = rest[: match.start()] + rest[match.end():]
    if not rest:
        return entry
    match = VALUE.match(rest)
    if match is None:
        raise HelpError(f"{where}: cannot read {left!r}")
    entry.metavar = match["kind"]
    entry.default = (match["default"] or "").strip()
    check = match["check"] or ""
    if listed := re.match(r"(?:value in )?\{(.*?)\}", check):
        entry.choices = [choice.split("->")[0].strip() for choice in listed[1].split(",")]
    elif ranged := re.search(r"in \[(.*?)\]", check):
        entry.range = ranged[1]
    if entry.choices and entry.default not in entry.choices:
        entry.default = ""
    return entry


def help_of(binary, path):
    # With HOME named like this a default below it reads as users write it.
    env = {**os.environ, "HOME": "~", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(["mezz", *path, "--help"], executable=binary, env=env, capture_output=True, text=True,
                          timeout=20)
    if done.returncode != 0 or not done.stdout:
        raise HelpError(f"{' '.join(['mezz', *path])} --help: status {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def parse(text, path):
    """The command that a help text describes, and the names and texts of the commands below it."""
    command, below, heading, last = Command(list(path)), [], None, None
    preamble = []
    # Not splitlines: it would part lines at the raw characters of an enumeration.
    for number, line in enumerate(text.split("\n"), 1):
        where = f"{command.name} --help, line {number}"
        if not line.strip():
            continue
        if command.usage and (match := HEADING.match(line)):
            heading, last = match["name"], None
        elif line.startswith("Usage: "):
            command.usage = line[len("Usage: "):].strip()
        elif heading is None:
            preamble.append(line.strip())
        elif (match := CONTINUED.match(line)) and last is not None:
            last.text = f"{last.text} {match['text']}".strip()
        elif match := ENTRY.match(line):
            # The text of subcommands and options may follow one space after a long left side, never in a subcommand.
            last = Entry([match["left"]]) if heading == "Subcommands" else parse_left(match["left"], where)
            last.text = match["text"] or ""
            if heading not in ("Subcommands", "Positionals") and not last.names[-1].startswith("-"):
                raise HelpError(f"{where}: {line!r} is no option, though below {heading}")
            {"Positionals": command.positionals, "Subcommands": below}.get(heading, command.options).append(last)
        else:
            raise HelpError(f"{where}: {line!r} is neither a heading, an entry nor the text of one")
    command.text = " ".join(preamble)
    if not command.usage or not command.text or not command.options:
        raise HelpError(f"{command.name} --help: no usage, no description or no options")
    return command, below


def read(binary, path=()):
    """The command and all below it. Raises HelpError."""
    command, below = parse(help_of(binary, path), path)
    command.commands = [read(binary, [*path, entry.names[0]]) for entry in below]
    return command
