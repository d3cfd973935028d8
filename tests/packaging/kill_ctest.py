"""Kills ctest with SIGKILL while one of its fixtures runs, and waits for the end of the fixture.

    kill_ctest.py CTEST BUILD FIXTURE

BUILD is a project that has been built; with HOLD in the environment its tests do not end.
"""

import os
import pathlib
import signal
import subprocess
import sys
import time


def wait_until(what, condition):
    deadline = time.monotonic() + 60
    while not condition():
        if time.monotonic() > deadline:
            raise SystemExit(f"{what}: not within 60 s")
        time.sleep(0.01)


def descendants(pid):
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children] + [
        further for child in children for further in descendants(child)]


def alive(pid):
    try:
        status = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] not in "ZX"


def main():
    ctest, build, fixture = sys.argv[1:]
    record = pathlib.Path(build) / "mirakuru-fixtures" / f"{fixture}.service"
    with subprocess.Popen([ctest, "-j4"], cwd=build, env=dict(os.environ, HOLD="1"),
                          stdout=subprocess.DEVNULL) as running:
        wait_until("the fixture", record.exists)
        facts = dict(line.split("\t")[:2] for line in record.read_text().splitlines())
        service = int(facts["pid"])
        processes = [service, *descendants(service)]
        assert all(map(alive, processes)), processes
        tests = descendants(running.pid)
        running.send_signal(signal.SIGKILL)
        running.wait()
    wait_until("the end of the fixture", lambda: not any(map(alive, processes)))
    wait_until("the removal of the service record", lambda: not record.exists())
    # These belong to ctest itself, which leaves them behind.
    for test in tests:
        if alive(test):
            os.kill(test, signal.SIGKILL)
    print(f"{len(processes)} processes ended with ctest")


main()
