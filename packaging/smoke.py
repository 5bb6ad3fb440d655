#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""smoke.py MEZZ HEALTHCHECK: runs an installed mezz, and nothing of a build, until a rollup has made a block.

Prints a line for each step; exits with 1 at the first that fails. The folder it runs in is empty, so that no image of
a build can be found from there.
"""
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

PROGRAM_ID = re.compile(r"^mezz \d+\.\d+\.\d+\nprogram id 0x[0-9a-f]{64}\n$")


def ensure(true, what):
    if not true:
        sys.exit(f"smoke.py: {what}")
    print(f"    {what}", flush=True)


def rpc(url, method, *params):
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    return json.load(urllib.request.urlopen(request, timeout=5))["result"]


def start(mezz, arguments, folder, env):
    """Starts a program with --json. returns: it, and its line `ready`."""
    log = open(f"{folder}/log", "a+")
    program = subprocess.Popen([mezz, *arguments, "--json"], cwd=folder, env=env, text=True, stdin=subprocess.DEVNULL,
                               stdout=subprocess.PIPE, stderr=log)
    timer = threading.Timer(90, program.kill)
    timer.start()
    try:
        for line in program.stdout:
            if '"event":"ready"' in line:
                # Nobody may block on a full pipe.
                threading.Thread(target=program.stdout.read, daemon=True).start()
                return program, json.loads(line)
    finally:
        timer.cancel()
    log.seek(0)
    sys.exit(f"smoke.py: mezz {' '.join(arguments)} ended with {program.wait()} before it was ready:\n{log.read()}")


def wait_for(what, check, seconds=90):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if check():
            return print(f"    {what}", flush=True)
        time.sleep(0.2)
    sys.exit(f"smoke.py: {what}: not within {seconds} s")


def stop(program, name):
    program.send_signal(signal.SIGTERM)
    ensure(program.wait(timeout=30) == 0, f"{name} ends with 0 after SIGTERM")


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: smoke.py MEZZ HEALTHCHECK")
    mezz, health = map(os.path.abspath, sys.argv[1:])
    with tempfile.TemporaryDirectory(prefix="mezz-smoke-") as folder:
        env = {"HOME": folder, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}

        def run(*command):
            return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=60)

        ensure(PROGRAM_ID.match(run(mezz, "version").stdout), "mezz version names version and program")
        # Disputes need the guest image: this starts only where the installed one is found and is the right program.
        ports = ("--parent-port", "0", "--port", "0", "--metrics-port", "0", "--console-port", "0")
        started = time.monotonic()
        dev, ready = start(mezz, ["dev", "--state", f"{folder}/dev", "--proof", "fraud", "--dispute-clock", "10", *ports],
                           folder, env)
        verifier = None
        try:
            wait_for("mezz dev has made a block", lambda: int(rpc(ready["chain"], "eth_blockNumber"), 16) >= 1)
            print(f"    after {time.monotonic() - started:.1f} s", flush=True)
            port = ready["chain"].rsplit(":", 1)[1]
            ensure(run(health, port).returncode == 0, "the health check passes")
            verifier, derived = start(mezz, ["node", "--role", "verifier", "--parent", ready["parent"], "--spec",
                                             f"{folder}/dev/rollup.json", "--state", f"{folder}/verifier", "--port", "0"],
                                      folder, env)
            wait_for("a verifier has derived a block", lambda: int(rpc(derived["chain"], "eth_blockNumber"), 16) >= 1)
            stop(verifier, "mezz node")
            stop(dev, "mezz dev")
            done = run(health, port)
            ensure(done.returncode == 1 and port in done.stderr, "the health check fails once it has ended")
        finally:
            for program in (dev, verifier):
                if program is not None and program.poll() is None:
                    program.kill()
                    program.wait()
        ephemeral, ready = start(mezz, ["dev", "--ephemeral", *ports], folder, env)
        try:
            wait_for("mezz dev --ephemeral has made a block", lambda: int(rpc(ready["chain"], "eth_blockNumber"), 16) >= 1)
            stop(ephemeral, "mezz dev --ephemeral")
        finally:
            if ephemeral.poll() is None:
                ephemeral.kill()
                ephemeral.wait()


if __name__ == "__main__":
    main()
