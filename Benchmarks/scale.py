"""The benchmarks at scale: many subscriptions, many waiting deliveries, much to prune, the store's share of an event.

Each runs only if `--only` names it. The gateway is compared with itself, without the many.
"""

import collections
import concurrent.futures
import itertools
import pathlib
import re
import shutil
import signal
import socket
import statistics
import subprocess
import threading
import time

from gateway import HERE, Gateway, free_port, run, wait_for, wrk

RUNS = (f"scale{number}" for number in itertools.count())


def load(gateway, seconds, batch=1, connections=64):
    """Posts as fast as it goes; returns the number of events and the gateway's CPU seconds."""
    used = gateway.cpu()
    _, _, requests = wrk("post.lua", gateway.url + "/v1/events", seconds, connections=connections, GH_KEY=gateway.key,
                         GH_BATCH=str(batch), GH_RUN=next(RUNS))
    return requests * batch, gateway.cpu() - used


def subscriptions(options, folder, choice):
    """What an event costs more while thousands of subscriptions want other kinds, or events of other doors."""
    count, (alone, beside) = options.subscriptions, [Gateway(options.gatehouse, folder) for _ in range(2)]

    def furnish(number):
        other = {"kinds": ["door.opened"]}
        if choice == "doors":
            beside.call("doors", id=f"door-{number}", panel="1070000", number=number + 2, name=f"Door {number}")
            other = {"doors": [f"door-{number}"]}
        began = time.monotonic()
        beside.subscribe("http://127.0.0.1:9/", name=f"other-{number}", **other)
        return time.monotonic() - began

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(furnish, range(count)))
    # In turns, because the machine drifts by more than the difference.
    costs = {alone: [], beside: []}
    for gateway in [alone, beside] * (options.seconds * 2):
        events, used = load(gateway, 2)
        costs[gateway].append(used / events * 1e6)
    pairs = [two - one for one, two in zip(costs[alone], costs[beside])]
    for gateway in costs:
        gateway.stop()
    tenth = max(1, count // 10)
    return {"without, CPU us an event": statistics.median(costs[alone]), "us an event more": statistics.median(pairs),
            "adding one, the first tenth, ms": statistics.mean(taken[:tenth]) * 1000,
            "adding one, the last tenth, ms": statistics.mean(taken[-tenth:]) * 1000}


def latency(options, gateway, port, rate, seconds):
    """p50 and p99 in milliseconds of events to a receiver at a port."""
    out, _ = run([options.tools, "latency", "--gateway", gateway.url, "--key", gateway.key, "--port", port,
                  "--rate", rate, "--seconds", seconds, "--ids", next(RUNS) + "-"])
    received, expected, p50, p99 = re.search(r"received (\d+) of (\d+) p50 (\S+) p99 (\S+)", out).groups()
    if received != expected:
        raise SystemExit(f"{received} of {expected} arrived")
    return float(p50), float(p99)


class Hanging:
    """Accepts and never answers."""

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=4096)
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"
        self.open = collections.deque(maxlen=10_000)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                self.open.append(self.socket.accept())
            except OSError:
                return


def waiting(options, folder, nginx):
    """A subscription for which many deliveries wait, and what another one notices while that one is paused, refuses or
    hangs."""
    port, hanging = free_port(), Hanging()
    gateway = Gateway(options.gatehouse, folder)
    gateway.subscribe(f"http://127.0.0.1:{port}/", kinds=["door.opened"])
    stuck = gateway.subscribe(nginx.url, kinds=["access.granted"])
    gateway.call(f"subscriptions/{stuck}/pause", "POST")
    figures = dict(zip(("alone, p50 ms", "alone, p99 ms"), latency(options, gateway, port, 200, options.seconds)))
    filled = 0
    while filled < options.waiting:
        filled += load(gateway, 5, batch=100, connections=8)[0]
    figures["deliveries that wait"] = filled
    # A port without a listener refuses; it is bound, so that no other program gets it.
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        for state, url in (("paused", None), ("refuses", f"http://127.0.0.1:{bound.getsockname()[1]}/"),
                           ("hangs", hanging.url)):
            if url:
                gateway.call(f"subscriptions/{stuck}", "PATCH", url=url)
                gateway.call(f"subscriptions/{stuck}/resume", "POST")
            time.sleep(5)
            used, began = gateway.cpu(), time.monotonic()
            time.sleep(options.seconds)
            figures[f"{state}: idle CPU, %"] = (gateway.cpu() - used) / (time.monotonic() - began) * 100
            p50, p99 = latency(options, gateway, port, 200, options.seconds)
            figures |= {f"{state}: p50 ms": p50, f"{state}: p99 ms": p99, f"{state}: memory MB": gateway.memory(),
                        f"{state}: anonymous MB": gateway.memory("RssAnon")}
            gateway.call(f"subscriptions/{stuck}/pause", "POST")
    gateway.stop()
    hanging.socket.close()
    return figures


def pruning(options, folder, nginx):
    """How fast expired events go, with their deliveries and attempts, and what a steady load notices of it."""
    shim = folder / "earlier.so"
    run(["cc", "-shared", "-fPIC", "-o", shim, HERE / "load" / "earlier.c", "-ldl"])
    port, day = free_port(), 86_400
    old = Gateway(options.gatehouse, folder, LD_PRELOAD=str(shim), EARLIER=str(day))
    old.subscribe(nginx.url, kinds=["access.granted"], concurrency=64)
    old.subscribe(f"http://127.0.0.1:{port}/", kinds=["door.opened"])
    filled = 0
    while filled < options.expired:
        filled += load(old, 5, batch=100, connections=8)[0]
    wait_for("everything is delivered", old.owes_nothing, 300)
    old.stop()
    gateway = Gateway(
        options.gatehouse, folder, store=old.store, key=old.key, GATEHOUSE_KEEP_EVENTS="1h",
        GATEHOUSE_KEEP_ATTEMPTS="1h")
    began, counts = time.monotonic(), []

    def watch():
        while not counts or counts[-1][1] < filled * 3 and time.monotonic() < began + 600:
            counts.append((time.monotonic(), gateway.metric("gatehouse_pruned_total")))
            time.sleep(0.2)

    watching = threading.Thread(target=watch)
    watching.start()
    used = gateway.cpu()
    p50, p99 = latency(options, gateway, port, 1000, options.seconds)
    during = counts[-1][1] < filled * 3
    used = (gateway.cpu() - used) / (options.seconds + 2)
    watching.join()
    if counts[-1][1] < filled * 3:
        raise SystemExit(f"{counts[-1][1]} of {filled * 3} rows were pruned")
    # The last ones may have to wait for the next turn, a minute later.
    first, last = (next(moment for moment, count in counts if count > filled * 3 * share) for share in (0, 0.9))
    after = latency(options, gateway, port, 1000, options.seconds)
    gateway.stop()
    if not during:
        print(f"the pruning ended before the load: --expired is too small ({options.expired})", flush=True)
    return {"expired events": filled, "events pruned/s, with deliveries and attempts": filled * 0.9 / (last - first),
            "during: p50 ms": p50, "during: p99 ms": p99, "during: CPU, cores": used,
            "after: p50 ms": after[0], "after: p99 ms": after[1]}


def traced(gateway, seconds):
    """How many syncs and writes of files strace counts a second of load, for each event."""
    trace = subprocess.Popen(
        ["strace", "-f", "-c", "-e", "trace=fsync,fdatasync,pwrite64", "-p", str(gateway.process.pid)],
        stderr=subprocess.PIPE, text=True)
    time.sleep(1)
    events, _ = load(gateway, seconds)
    wait_for("everything is delivered", gateway.owes_nothing, 60)
    trace.terminate()
    table = trace.communicate(timeout=30)[1]
    # The columns: share, seconds, microseconds a call, calls, perhaps errors, the name.
    rows = [line.split() for line in table.splitlines()]
    counted = {row[-1]: int(row[3]) for row in rows if len(row) >= 5 and row[3].isdigit()}
    return {"syncs an event, traced": (counted.get("fsync", 0) + counted.get("fdatasync", 0)) / events,
            "writes of files an event, traced": counted.get("pwrite64", 0) / events}


def statements(gateway, seconds):
    """How many steps of SQL statements there are for each event: one for each statement that changes rows, and one for
    each row that is read. A probe of perf counts them; nothing if the system allows none."""
    def perf(*arguments):
        return subprocess.run(["perf", *arguments], capture_output=True, text=True, check=False)

    # SQLite is in the program, or in a library beside it.
    maps = pathlib.Path(f"/proc/{gateway.process.pid}/maps").read_text()
    library = re.search(r"\S*libsqlite3\S*", maps)
    path = library.group() if library else str(pathlib.Path(f"/proc/{gateway.process.pid}/exe").resolve())
    perf("probe", "-q", "-d", "gatehouse:*")
    if perf("probe", "-q", "-x", path, "gatehouse:step=sqlite3_step").returncode:
        return {}
    count = subprocess.Popen(
        ["perf", "stat", "-x,", "-e", "gatehouse:step", "-p", str(gateway.process.pid)],
        stderr=subprocess.PIPE, text=True)
    time.sleep(1)
    events, _ = load(gateway, seconds)
    wait_for("everything is delivered", gateway.owes_nothing, 60)
    count.send_signal(signal.SIGINT)
    steps = re.search(r"^(\d+),", count.communicate(timeout=30)[1], re.MULTILINE)
    perf("probe", "-q", "-d", "gatehouse:*")
    return {"steps of SQL an event": int(steps.group(1)) / events} if steps else {}


def store(options, folder, nginx):
    """What an event with one delivery, one event a POST, costs the store."""
    gateway = Gateway(options.gatehouse, folder)
    gateway.subscribe(nginx.url, concurrency=64)
    load(gateway, 1)
    wait_for("everything is delivered", gateway.owes_nothing, 60)
    commits, written = gateway.metric("gatehouse_store_commits"), gateway.written()
    events, used = load(gateway, options.seconds)
    wait_for("everything is delivered", gateway.owes_nothing, 300)
    figures = {
        "CPU us an event": used / events * 1e6,
        "bytes written an event": (gateway.written() - written) / events,
        "commits an event": (gateway.metric("gatehouse_store_commits") - commits) / events,
    }
    if shutil.which("strace"):
        figures |= traced(gateway, options.seconds)
    if shutil.which("perf"):
        figures |= statements(gateway, options.seconds)
    gateway.stop()
    return figures
