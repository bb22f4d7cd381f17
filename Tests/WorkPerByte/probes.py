#!/usr/bin/env python3
"""Asks a gateway whether it lives while it has the largest bodies that it takes, of each shape.

    probes.py GATEWAY WORK_PER_BYTE        the programs, such as .build/release/gatehouse and .build/debug/work-per-byte

For each shape of an event the gateway is started anew, is sent four batches of the largest size at once, in plain JSON or
in gzip, delivers them to a receiver that takes everything, and is asked for a page of them; meanwhile /livez is asked
every few milliseconds. Printed are the longest answer of /livez and the longest of 99 in a hundred. Gateway and
receiver listen on free ports of 127.0.0.1. Exit 0 only if no answer took longer than the bound.
"""
import argparse
import contextlib
import gzip
import http.client
import multiprocessing
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Python"))
from running_gateway import Gateway, send  # noqa: E402

MOST = 50  # milliseconds
EVENT = 250_000  # bytes; an event has at most 256 KiB
BATCH = 8_000_000  # bytes; a body has at most 8 MiB
MANY = 1000  # events in a batch
CALLERS = 4
PAUSE = 0.003  # seconds between two probes
PATIENCE = 120  # seconds for a start, an answer, an end
AFTER = 3  # seconds in which deliveries go on after the last answer
TYPE = {"Content-Type": "application/cloudevents-batch+json"}


def receive(server):
    """Takes every request and answers 204, until its process is ended."""
    def serve(connection):
        reader = connection.makefile("rb")
        with contextlib.suppress(OSError, ValueError), connection:
            while line := reader.readline():
                length = 0
                while line.strip():
                    name, _, value = line.partition(b":")
                    length = int(value) if name.lower() == b"content-length" else length
                    line = reader.readline()
                reader.read(length)
                connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
    while True:
        connection, _ = server.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


def post(port, key, body, fields, answers):
    """Sends one body, in a process of its own, so that this one is free to ask."""
    try:
        status, told = send(port, key, PATIENCE, "POST", "/v1/events", body, fields)
        # A process ends when its answer was read, and that is read when it has ended: so it is a short one.
        answers.put((status, told[:500]))
    except OSError as error:
        answers.put((0, str(error).encode()))


def batch(details, number, count):
    """A batch of events with these details."""
    events = [
        f'{{"specversion":"1.0","id":"{number}.{place}","source":"/probes","type":"door.opened","organization":"acme",'
        f'"data":{{"details":{details}}}}}' for place in range(count)]
    return f"[{','.join(events)}]".encode()


def largest(gateway, shape, tool):
    """The largest details of a shape that one event may have: fewer where a bound on members is met before."""
    def details(size):
        return subprocess.run([tool, "details", shape, str(size)], capture_output=True, text=True, check=True).stdout
    size = int(500 * EVENT / max(1, len(details(500).encode())))
    while size > 0:
        found = details(size)
        status, body = gateway.send("POST", "/v1/events", batch(found, "try", 1), TYPE)
        if status == 202:
            return found
        if status not in (413, 422, 400):
            raise SystemExit(f"{shape}: {status} {body.decode()}")
        size = size * 3 // 4
    raise SystemExit(f"no event of the shape {shape} is taken: {body.decode()}")


def probe(gateway, isOver):
    """Asks /livez over one connection until it is over; returns how long the answers took, in milliseconds."""
    connection = http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=PATIENCE)
    took = []
    with contextlib.closing(connection):
        while not isOver():
            start = time.perf_counter()
            connection.request("GET", "/livez")
            answer = connection.getresponse()
            answer.read()
            took.append((time.perf_counter() - start) * 1000)
            if answer.status != 200:
                raise SystemExit(f"/livez answered {answer.status}")
            time.sleep(PAUSE)
    return sorted(took)


def measure(binary, tool, receiver, shape, is_compressed):
    """Sends batches of a shape at once; returns what the probes met, and the bytes of one batch."""
    with tempfile.TemporaryDirectory() as folder:
        gateway = Gateway(binary, folder, PATIENCE)
        try:
            gateway.create("/v1/organizations", id="acme", name="Acme")
            for level in (1, 2):
                gateway.create(
                    "/v1/subscriptions", name=f"at {level}", dialect="standard", organization="acme",
                    privacyLevel=level, url=f"http://127.0.0.1:{receiver}/{level}")
            details = "{}" if shape == "many" else largest(gateway, shape, tool)
            count = MANY if shape == "many" else max(1, min(MANY, BATCH // (len(details.encode()) + 150)))
            bodies = [batch(details, number, count) for number in range(CALLERS)]
            size = len(bodies[0])
            fields = {**TYPE, "Content-Encoding": "gzip"} if is_compressed else TYPE
            bodies = [gzip.compress(body, 6) for body in bodies] if is_compressed else bodies
            answers = multiprocessing.Queue()
            callers = [
                multiprocessing.Process(target=post, args=(gateway.port, gateway.key, body, fields, answers))
                for body in bodies]
            end = []
            def is_over():
                if not end and not any(caller.is_alive() for caller in callers):
                    end.append(time.monotonic() + AFTER)
                    threading.Thread(target=gateway.send, args=("GET", "/v1/events?limit=500"), daemon=True).start()
                return bool(end) and time.monotonic() > end[0]
            for caller in callers:
                caller.start()
            took = probe(gateway, is_over)
            for caller in callers:
                status, body = answers.get(timeout=PATIENCE)
                # Of what grows beyond all measure the refusal takes its time too.
                if status != 202 and not (is_compressed and status == 413):
                    raise SystemExit(f"{shape}: {status} {body.decode()}")
            return took, size
        finally:
            gateway.end()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gateway")
    parser.add_argument("tool")
    parser.add_argument("--most", type=float, default=MOST, help="milliseconds that an answer of /livez may take")
    parser.add_argument("--shape", action="append", help="only these")
    given = parser.parse_args()
    binary, tool = os.path.abspath(given.gateway), os.path.abspath(given.tool)
    said = subprocess.run([tool], capture_output=True, text=True, check=True).stdout
    shapes = given.shape or [*said.split("the shapes:")[1].split(), "many"]
    with socket.create_server(("127.0.0.1", 0), backlog=128) as server:
        receiver = multiprocessing.Process(target=receive, args=(server,), daemon=True)
        receiver.start()
        slow = []
        for shape in [shape for shape in shapes if shape != "nothing"]:
            for is_compressed in (False, True):
                took, size = measure(binary, tool, server.getsockname()[1], shape, is_compressed)
                name = f"{shape}, gzip" if is_compressed else shape
                print(
                    f"{name:<18} {CALLERS} × {size / 1e6:4.1f} MB   /livez at the longest {took[-1]:7.1f} ms, "
                    f"99 in 100 within {took[len(took) * 99 // 100]:6.1f} ms, of {len(took)}", flush=True)
                if took[-1] > given.most:
                    slow.append(name)
        receiver.terminate()
    print(f"/livez within {given.most:g} ms: " + (f"not with {'; '.join(slow)}" if slow else "always"))
    raise SystemExit(1 if slow else 0)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    main()
