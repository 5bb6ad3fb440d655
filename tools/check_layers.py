#!/usr/bin/env python3
# Mezzanine: one C++ stack for every execution layer.
# SPDX-License-Identifier: Apache-2.0
"""The include gate: every #include "..." follows an arrow of layers.txt (the longest matching row decides for the
including folder), and core and guest use only the standard headers in core/ALLOWED_HEADERS.
Tests, benchmarks and fuzzers may use any standard header; those of node may wire stages together, as the app does. usage: check_layers.py [ROOT]"""
import pathlib
import re
import sys

root = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(__file__).resolve().parent.parent
may = {}
for line in (root / "layers.txt").read_text().splitlines():
    if line and not line.startswith("#"):
        name, *deps = line.split()
        may[name] = [d for d in deps if d != "-"]
allowed_std = set((root / "core/ALLOWED_HEADERS").read_text().split())
runtime_std = {"cstdlib", "new"}  # what the guest's runtime defines itself
tops = {name.split("/")[0] for name in may}
include = re.compile(r'\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


def row_of(folder):
    """The longest row that is this folder or one of its parents."""
    best = None
    for name in may:
        if (folder == name or folder.startswith(name + "/")) and (best is None or len(name) > len(best)):
            best = name
    return best


def allowed(row, folder):
    return any(folder == d or folder.startswith(d + "/") for d in [row, *may[row]])


bad = 0


def report(path, number, text):
    global bad
    bad += 1
    print(f"{path}:{number}: {text}")


for top in sorted(tops):
    for path in sorted((root / top).rglob("*")):
        # Headers in npm packages are theirs.
        if path.suffix not in {".hpp", ".cpp", ".h"} or "node_modules" in path.relative_to(root).parts:
            continue
        here = path.relative_to(root).as_posix()
        row = row_of(path.parent.relative_to(root).as_posix())
        exempt = re.search(r"(_(test|bench|fuzz)\.(cpp|hpp)|/test_[a-z_]+\.hpp)$", here) is not None
        wires = exempt and here.startswith("node/")
        if row is None:
            report(here, 1, "no row of layers.txt covers this folder")
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if not (m := include.match(line)):
                continue
            if m[1]:
                target = m[1].rsplit("/", 1)[0] if "/" in m[1] else None
                if target is None:
                    report(here, number, f'"{m[1]}": write the full path from the root')
                elif target.split("/")[0] in tops and not allowed(row, target) and not wires:
                    report(here, number, f"{row} may not include {target}")
            elif row.split("/")[0] in {"core", "guest"} and not exempt and m[2] not in allowed_std \
                    and not (row == "guest" and m[2] in runtime_std):
                report(here, number, f"<{m[2]}> is not in core/ALLOWED_HEADERS")
sys.exit(bad > 0)
