#!/usr/bin/env python3
"""Counts the instructions of what a gateway does with an event, at a size and at twice the size.

    check.py BINARY        the program to count, such as .build/debug/work-per-byte

For each shape of an event the work must be linear in the bytes: what twice the size costs is less than 2.5 times as
much. Instructions are counted by valgrind's callgrind, so the result is the same on a busy machine. What a run costs
that does nothing is taken off. Exit 0 only if every shape is linear.
"""
import re
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

SIZE = 500  # words, or a fifth of the members, so that twice as many are within the bounds
MOST = 2.5
PATIENCE = 300  # seconds for one run


def instructions(binary, shape, size):
    """How many instructions a run takes."""
    run = subprocess.run(
        ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", binary, shape, str(size)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE)
    found = re.search(r"Collected : (\d+)", run.stderr)
    if run.returncode or not found or not run.stdout.startswith(shape):
        raise SystemExit(f"{shape} {size}: exit code {run.returncode}\n{run.stdout}{run.stderr[-2000:]}")
    return int(found.group(1))


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        # valgrind reads symbols of debuggers, and not all of those that compilers write today.
        binary = folder + "/counted"
        subprocess.run(["strip", "--strip-debug", "-o", binary, sys.argv[1]], check=True)
        sys.exit(1 if count(binary) else 0)


def count(binary):
    """Counts for every shape and prints it; returns those that are not linear."""
    said = subprocess.run([binary], capture_output=True, text=True, timeout=PATIENCE, check=True).stdout
    shapes = said.split("the shapes:")[1].split()
    shapes.remove("nothing")
    with ThreadPoolExecutor(2) as pool:
        nothing = pool.submit(instructions, binary, "nothing", 0)
        counts = {
            shape: [pool.submit(instructions, binary, shape, size) for size in (SIZE, 2 * SIZE)] for shape in shapes}
        base = nothing.result()
        wrong = []
        for shape, runs in counts.items():
            once, twice = (run.result() - base for run in runs)
            ratio = twice / once
            print(f"{shape:<12} {once / 1e6:8.1f} million instructions, at twice the size {ratio:.2f} times as many")
            if ratio >= MOST:
                wrong.append(shape)
    print(f"{len(counts)} shapes, " + (f"not linear: {', '.join(wrong)}" if wrong else "all linear"))
    return wrong


if __name__ == "__main__":
    main()
