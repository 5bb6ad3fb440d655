#!/usr/bin/env python3
"""Runs every test of the repository and prints an honest count.

test.py [STAGE...]: format gates guest unit contracts journey console package sanitizer fuzz; without names, all.
Exit status 0 only if nothing failed. A skipped case is counted as skipped, never as passed.
"""
import collections
import concurrent.futures
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
RESULTS = ROOT / "build" / "test-results"
FUZZ_SECONDS = "5"


class Count:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def add(self, passed=0, failed=0, skipped=0):
        self.passed += passed
        self.failed += failed
        self.skipped += skipped

    def __str__(self):
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def run(command, env=None, quiet=False, cwd=ROOT, timeout_s=2400):
    """Runs a command. Returns its status and output; the output is shown unless `quiet` and it succeeded.

    Output goes through a file, not a pipe, so that a process left behind cannot hold the run up; at the time limit the
    whole process group is killed and the status is 124.
    """
    merged = {**os.environ, **(env or {})}
    with tempfile.TemporaryFile(mode="w+", errors="replace") as log:
        process = subprocess.Popen(command, cwd=cwd, env=merged, stdin=subprocess.DEVNULL, stdout=log,
                                   stderr=subprocess.STDOUT, start_new_session=True)
        try:
            status = process.wait(timeout=timeout_s)
        except subprocess.TimeoutExpired:
            status = 124
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        log.seek(0)
        output = log.read()
    if status == 124:
        output += f"\n{command[0]}: stopped after {timeout_s} s\n"
    if not quiet or status != 0:
        print(output[-20000:], end="", flush=True)
    return status, output


def one(count, name, command, **options):
    """A check that passes or fails as a whole."""
    status, output = run(command, quiet=True, **options)
    print(f"  {'ok' if status == 0 else 'FAILED'}  {name}", flush=True)
    count.add(passed=status == 0, failed=status != 0)
    return output


def build(preset, *targets):
    if preset in builds_ahead:
        # What it left undone, or failed at, is done again here, where its output shows.
        builds_ahead.pop(preset).wait()
    status, _ = run(["tools/build.sh", preset, *targets], quiet=True)
    if status != 0:
        print(f"  FAILED  build of preset {preset}", flush=True)
    return status == 0


builds_ahead = {}


def build_ahead(preset, *targets):
    """Builds with the time that nobody else wants, while journeys wait for clocks."""

    def idle():
        os.nice(19)
        try:
            # Niceness counts within a session only, where the kernel groups by session.
            pathlib.Path("/proc/self/autogroup").write_text("19")
        except OSError:
            pass

    builds_ahead[preset] = subprocess.Popen(["tools/build.sh", preset, *targets], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                            stderr=subprocess.DEVNULL, start_new_session=True, preexec_fn=idle)


def stop_builds():
    for process in builds_ahead.values():
        try:
            os.killpg(process.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass


GUEST_ELF = ROOT / "build" / "guest" / "stf.elf"


def ctest(count, preset, *options):
    """CTest counts binaries; the GoogleTest reports inside count cases."""
    reports = RESULTS / preset
    shutil.rmtree(reports, ignore_errors=True)
    reports.mkdir(parents=True)
    env = {"GTEST_OUTPUT": f"xml:{reports}/"}
    if "MEZZ_VECTORS" not in os.environ and (ROOT.parent / "shared" / "vectors").is_dir():
        env["MEZZ_VECTORS"] = str(ROOT.parent / "shared" / "vectors")
    if GUEST_ELF.exists():
        env["MEZZ_GUEST_ELF"] = str(GUEST_ELF)
    anvil = ROOT / "tests/journey/node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil"
    if anvil.exists():
        env["MEZZ_ANVIL"] = str(anvil)
    status, output = run(["ctest", "--test-dir", f"build/{preset}", "--output-on-failure", "-j2", *options], env=env)
    cases = Count()
    reasons = collections.Counter()
    for report in reports.glob("*.xml"):
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            if case.find("failure") is not None:
                cases.add(failed=1)
            elif case.get("result") == "skipped" or case.get("status") == "notrun":
                cases.add(skipped=1)
                skipped = case.find("skipped")
                why = (skipped.get("message") if skipped is not None else None) or "disabled"
                # GoogleTest puts the place before the reason.
                reasons[why.strip().split("\n")[-1].strip()] += 1
            else:
                cases.add(passed=1)
    for why, number in reasons.most_common():
        print(f"  skipped {number}: {why}", flush=True)
    # Entries without a report (scripts, runners, crashed binaries) count as one each.
    silent_failures = len(re.findall(r"\*\*\*(?:Failed|Exception|Timeout|Not Run)", output))
    scripts = len(re.findall(r"Test +#\d+: (?!\S*_test )\S+ \.+ +Passed", output))
    count.add(cases.passed + scripts, max(cases.failed, silent_failures), cases.skipped)
    if status != 0 and silent_failures == 0 and cases.failed == 0:
        count.add(failed=1)


def stage_format(count):
    files = subprocess.run(["git", "ls-files", "*.cpp", "*.hpp"], cwd=ROOT, capture_output=True, text=True).stdout.split()
    one(count, "clang-format", ["clang-format-19", "--dry-run", "--Werror", *files])


def stage_gates(count):
    if (ROOT / "tools/check_layers.py").exists():
        one(count, "include gate", ["python3", "tools/check_layers.py", "."])


def stage_guest(count):
    if not build("guest"):
        count.add(failed=1)
        return
    archives = sorted(map(str, (ROOT / "build/guest/core").glob("*.a")))
    one(count, "symbol gate", ["bash", "tools/check_symbols.sh", *archives])
    one(count, "guest image", ["bash", "tools/check_guest.sh"])


def stage_unit(count):
    # Some tests need anvil; without it they are skipped, which the count shows.
    run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=ROOT / "tests/journey", quiet=True, timeout_s=300)
    if build("release"):
        ctest(count, "release")
    else:
        count.add(failed=1)


def stage_contracts(count):
    status, output = run(["bash", "contracts/test.sh"], quiet=True)
    totals = re.findall(r"(\d+) tests passed, (\d+) failed, (\d+) skipped", output)
    for passed, failed, skipped in totals:
        count.add(int(passed), int(failed), int(skipped))
    if status != 0 and not any(int(t[1]) for t in totals):
        count.add(failed=1)


def node_tests(count, script, timeout_s):
    """A script that runs Node's test runner against the release build and the guest."""
    # They prove blocks or dispute them; the stage may run alone.
    if not GUEST_ELF.exists() and not build("guest"):
        count.add(failed=1)
        return
    env = {"MEZZ_BIN": str(ROOT / "build/release/app/mezz"), "MEZZ_GUEST_ELF": str(GUEST_ELF)}
    status, output = run(["bash", script], env=env, timeout_s=timeout_s)
    # The reporter's closing lines: "ℹ pass 3" or "# pass 3".
    passed, failed, skipped = (sum(map(int, re.findall(rf"^(?:#|\u2139) {word} (\d+)", output, re.M)))
                               for word in ("pass", "fail", "skipped"))
    count.add(passed, failed, skipped)
    if status != 0 and failed == 0:
        count.add(failed=1)


SANITIZED = ("asan-ubsan", "fast-tests", "fuzzers")


def stage_journey(count):
    if "sanitizer" in chosen:
        build_ahead(*SANITIZED)
    node_tests(count, "tests/journey/run.sh", 3000)


def stage_console(count):
    one(count, "console sources and dist", ["bash", "console/test.sh"])
    node_tests(count, "tests/console/run.sh", 1200)


def stage_package(count):
    status, output = run(["bash", "packaging/test.sh"], timeout_s=1800)
    totals = re.findall(r"^(\d+) passed, (\d+) failed$", output, re.M)
    for passed, failed in totals:
        count.add(int(passed), int(failed))
    if not totals or status != 0 and not any(int(failed) for _, failed in totals):
        count.add(failed=1)


def stage_sanitizer(count):
    if build(*SANITIZED):
        ctest(count, "asan-ubsan", "-L", "fast")
    else:
        count.add(failed=1)


def stage_fuzz(count):
    if not build(*SANITIZED):
        count.add(failed=1)
        return
    targets = sorted(t for t in (ROOT / "build/asan-ubsan/fuzz").glob("*_fuzz") if os.access(t, os.X_OK) and t.is_file())
    if not targets:
        print("  FAILED  no fuzz target was built", flush=True)
        count.add(failed=1)
    commands = {}
    for target in targets:
        # What is found goes to a folder of its own; the committed seeds are only read.
        found = RESULTS / "fuzz" / target.name
        shutil.rmtree(found, ignore_errors=True)
        found.mkdir(parents=True)
        seeds = ROOT / "fuzz/corpus" / target.name
        command = [str(target), "-timeout=20", "-rss_limit_mb=3000", f"-artifact_prefix={found}/crash-", str(found)]
        command += [str(seeds)] if seeds.is_dir() else []
        if target.name == "canary_fuzz":
            # It holds a planted bug: not finding it means that the other targets prove nothing.
            done = subprocess.run([*command, "-max_total_time=60"], capture_output=True, text=True, errors="replace")
            ok = done.returncode != 0 and "canary_fuzz.cpp" in done.stderr
            print(f"  {'ok' if ok else 'FAILED'}  fuzz canary: its bug was {'found' if ok else 'NOT found'}", flush=True)
            count.add(passed=ok, failed=not ok)
            continue
        commands[target.name] = [*command, f"-max_total_time={FUZZ_SECONDS}"]
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        results = pool.map(lambda name: (name, *run(commands[name], quiet=True)), commands)
        for name, status, output in results:
            runs = re.findall(r"Done (\d+) runs", output)
            print(f"  {'ok' if status == 0 else 'FAILED'}  fuzz {name}: {runs[-1] if runs else 'unknown'} inputs", flush=True)
            count.add(passed=status == 0, failed=status != 0)
    print(f"  {len(targets)} fuzz targets", flush=True)


STAGES = {name[6:]: function for name, function in list(globals().items()) if name.startswith("stage_")}
ORDER = ["format", "gates", "guest", "unit", "contracts", "journey", "console", "package", "sanitizer", "fuzz"]


chosen = []


def main():
    chosen[:] = sys.argv[1:] or ORDER
    unknown = [name for name in chosen if name not in STAGES]
    if unknown:
        sys.exit(f"test.py: unknown stage {unknown[0]}; stages: {' '.join(STAGES)}")
    total = Count()
    for name in chosen:
        started = time.monotonic()
        print(f"== {name}", flush=True)
        count = Count()
        STAGES[name](count)
        total.add(count.passed, count.failed, count.skipped)
        print(f"== {name}: {count} ({time.monotonic() - started:.0f} s)", flush=True)
    stop_builds()
    print(total, flush=True)
    sys.exit(1 if total.failed or not total.passed else 0)


if __name__ == "__main__":
    main()
