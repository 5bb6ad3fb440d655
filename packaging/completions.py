#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""completions.py MEZZ SHELL: prints the completions of mezz for bash, zsh or fish, made from the help of the binary."""
import sys

import command_tree

# What the help does not say: which texts are names of files. Others complete to nothing.
FOLDERS = {"--state"}
FILES = {"--spec", "--guest", "--out", "--config", "--ipc", "--jwt-secret", "--deployer-key-file", "source", "file"}


def kind_of(entry):
    """choices, folder, file, value or flag."""
    if entry.choices:
        return "choices"
    name = entry.names[-1]
    if name in FOLDERS:
        return "folder"
    if name in FILES:
        return "file"
    return "value" if entry.metavar else "flag"


def names_of(command):
    return [name for entry in command.options for name in entry.names]


# ---------------------------------------------------------------------------------------------------------- bash

BASH_END = """
_mezz() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} path=mezz word i
    COMPREPLY=()
    # The command so far: words that name one below it. The value of an option names none.
    for ((i = 1; i < COMP_CWORD; ++i)); do
        word=${COMP_WORDS[i]}
        if [[ $word == -* ]]; then
            [[ -n ${_mezz_values["$path $word"]+set} ]] && ((++i))
        elif [[ -n ${_mezz_words["$path $word"]+set} ]]; then
            path+=" $word"
        fi
    done
    local values=${_mezz_values["$path $previous"]-none}
    case $values in
        none) ;;
        @file) mapfile -t COMPREPLY < <(compgen -f -- "$current"); compopt -o filenames 2>/dev/null; return ;;
        @folder) mapfile -t COMPREPLY < <(compgen -d -- "$current"); compopt -o filenames 2>/dev/null; return ;;
        *) mapfile -t COMPREPLY < <(compgen -W "$values" -- "$current"); return ;;
    esac
    mapfile -t COMPREPLY < <(compgen -W "${_mezz_words[$path]}" -- "$current")
    if [[ ${#COMPREPLY[@]} -eq 0 && -n ${_mezz_files[$path]+set} ]]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        compopt -o filenames 2>/dev/null
    fi
}
complete -F _mezz mezz
"""


def bash(root):
    words, values, files = [], [], []
    for command in root.walk():
        listed = [c.path[-1] for c in command.commands] + names_of(command)
        words.append(f"    [\"{command.name}\"]=\"{' '.join(listed)}\"")
        for entry in command.options:
            kind = kind_of(entry)
            if kind == "flag":
                continue
            value = " ".join(entry.choices) if kind == "choices" else f"@{kind}" if kind != "value" else ""
            values += [f"    [\"{command.name} {name}\"]=\"{value}\"" for name in entry.names]
        if any(kind_of(entry) == "file" for entry in command.positionals):
            files.append(f"    [\"{command.name}\"]=1")
    parts = ["# bash completion of mezz, generated from its help."]
    for name, rows in (("words", words), ("values", values), ("files", files)):
        parts += [f"declare -gA _mezz_{name}=(", *rows, ")"]
    return "\n".join(parts) + BASH_END


# ----------------------------------------------------------------------------------------------------------- zsh


def zsh_quote(text):
    """Inside single quotes, inside a specification of _arguments or _describe."""
    text = text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace(":", "\\:")
    return text.replace("'", "'\\''")


def zsh_action(entry):
    kind = kind_of(entry)
    name = entry.names[-1].lstrip("-")
    if kind == "choices":
        return f":{name}:({' '.join(entry.choices)})"
    if kind in ("file", "folder"):
        return f":{name}:_files" + (" -/" if kind == "folder" else "")
    return f":{name}: " if kind == "value" else ""


def zsh_function(command):
    name = "_" + "_".join(["mezz", *command.path]).replace("-", "_")
    lines = [f"{name}() {{", "    local context state state_descr line", "    typeset -A opt_args"]
    specs = []
    for entry in command.options:
        exclusive = f"({' '.join([*entry.names, *entry.excludes])})"
        for option in entry.names:
            specs.append(f"'{exclusive}{option}[{zsh_quote(entry.text)}]{zsh_action(entry)}'")
    if command.commands:
        specs += ["'1: :->command'", "'*:: :->words'"]
    for entry in command.positionals:
        specs.append(f"':{zsh_quote(entry.text)}:{'_files' if kind_of(entry) == 'file' else ' '}'")
    lines += ["    _arguments -C -S \\"] + [f"        {spec} \\" for spec in specs[:-1]] + [f"        {specs[-1]}"]
    if command.commands:
        lines += ["    case $state in", "        command)", "            local -a commands=("]
        lines += [f"                '{c.path[-1]}:{zsh_quote(c.text)}'" for c in command.commands]
        lines += ["            )", "            _describe -t commands command commands ;;", "        words)",
                  "            case $line[1] in"]
        for below in command.commands:
            lines.append(f"                {below.path[-1]}) _{'_'.join(['mezz', *below.path]).replace('-', '_')} ;;")
        lines += ["            esac ;;", "    esac"]
    return [*lines, "}", ""]


def zsh(root):
    lines = ["#compdef mezz", "# zsh completion of mezz, generated from its help.", ""]
    for command in root.walk():
        lines += zsh_function(command)
    # The file is the body of _mezz the first time it is called.
    return "\n".join([*lines, '_mezz "$@"', ""])


# ---------------------------------------------------------------------------------------------------------- fish


def fish_quote(text):
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


FISH_START = """# fish completion of mezz, generated from its help.
function __mezz_at --description 'Whether the command typed so far is the one named'
    set -l typed (commandline -opc)
    set -e typed[1]
    set -l path
    set -l skip 0
    for word in $typed
        if test $skip -eq 1
            set skip 0
        else if string match -q -- '-*' $word
            contains -- "$path $word" $__mezz_values; and set skip 1
        else if contains -- (string join ' ' -- $path $word) $__mezz_commands
            set -a path $word
        end
    end
    test "$path" = "$argv"
end
complete -c mezz -f
"""


def fish(root):
    commands = [" ".join(c.path) for c in root.walk() if c.path]
    taking = [f"{' '.join(c.path)} {name}" for c in root.walk() for e in c.options if kind_of(e) != "flag"
              for name in e.names]
    lines = [FISH_START + "set -g __mezz_commands " + " ".join(map(fish_quote, commands)),
             "set -g __mezz_values " + " ".join(map(fish_quote, taking))]
    for command in root.walk():
        start = f"complete -c mezz -n '__mezz_at {' '.join(command.path)}'"
        for below in command.commands:
            lines.append(f"{start} -a {fish_quote(below.path[-1])} -d {fish_quote(below.text)}")
        for entry in command.options:
            named = " ".join(f"-l {n[2:]}" if n.startswith("--") else f"-s {n[1:]}" for n in entry.names)
            value = {"flag": "", "value": " -x", "file": " -rF", "folder": " -x -a '(__fish_complete_directories)'",
                     "choices": f" -x -a {fish_quote(' '.join(entry.choices))}"}[kind_of(entry)]
            lines.append(f"{start} {named}{value} -d {fish_quote(entry.text)}")
        if any(kind_of(entry) == "file" for entry in command.positionals):
            lines.append(f"{start} -F")
    return "\n".join(lines) + "\n"


def main():
    shells = {"bash": bash, "zsh": zsh, "fish": fish}
    if len(sys.argv) != 3 or sys.argv[2] not in shells:
        sys.exit(f"usage: completions.py MEZZ {'|'.join(shells)}")
    try:
        print(shells[sys.argv[2]](command_tree.read(sys.argv[1])), end="")
    except (command_tree.HelpError, OSError) as error:
        sys.exit(f"completions.py: {error}")


if __name__ == "__main__":
    main()
