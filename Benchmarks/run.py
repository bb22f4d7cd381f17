"""Plays the benchmarks: every figure of the gateway beside a raw load generator in the same run, as ratios.

Rates drift with the hour and the neighbours of the machine, so each round measures both sides one right after the other,
and the median of the rounds' ratios counts.
"""

import argparse
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile
import time

import scale
from gateway import HERE, Gateway, Nginx, free_port, run, wait_for, wrk
def engine(options, nginx):
    rate, cpu, _ = wrk("fixed.lua", nginx.url, options.seconds)
    out, used = run(
        [options.tools, "engine", "--url", nginx.url, "--seconds", options.seconds, "--in-flight", 64])
    accepted, refused = map(int, re.search(r"accepted (\d+) refused (\d+)", out).groups())
    if refused:
        raise SystemExit(f"the engine met {refused} refusals")
    ours = accepted / options.seconds
    return {"wrk POST/s": rate, "engine POST/s": ours, "rate over wrk's": ours / rate,
            "CPU over wrk's": used / accepted / cpu}


def sync_milliseconds(folder, times=100):
    """The median time of an append of 64 KiB and its sync to the disk: what one commit waits for at the least."""
    taken = []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(times):
            began = time.perf_counter()
            file.write(bytes(65536))
            os.fdatasync(file.fileno())
            taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken)


def acceptance(options, folder):
    trivial = subprocess.Popen([options.tools, "trivial"], stdout=subprocess.PIPE, text=True)
    url = trivial.stdout.readline().split()[-1]
    try:
        rate, _, _ = wrk("post.lua", url + "/v1/events", options.seconds)
    finally:
        trivial.terminate()
        trivial.wait()
    sync = sync_milliseconds(folder)
    gateway = Gateway(options.gatehouse, folder)
    used = gateway.cpu()
    ours, _, requests = wrk("post.lua", gateway.url + "/v1/events", options.seconds, GH_KEY=gateway.key)
    used = gateway.cpu() - used
    gateway.stop()
    # A caller that waits for a sync posts nothing meanwhile: 64 connections can do no more than 64 a sync.
    return {"trivial POST/s": rate, "durable acceptance/s": ours, "over the trivial server's": ours / rate,
            "a sync of the disk, ms": sync, "over 64 a sync": ours / (64_000 / sync),
            "gateway s/1000": used / requests * 1000}


def end_to_end(options, folder, nginx, batch):
    rate, cpu, _ = wrk("fixed.lua", nginx.url, options.seconds)
    gateway = Gateway(options.gatehouse, folder)
    gateway.subscribe(nginx.url, concurrency=64)
    counted, used, began = nginx.counted(), gateway.cpu(), time.monotonic()
    _, _, requests = wrk(
        "post.lua", gateway.url + "/v1/events", options.seconds, connections=64 if batch == 1 else 8,
        GH_KEY=gateway.key, GH_BATCH=str(batch))
    wait_for("everything is delivered", gateway.owes_nothing, 300)
    taken = time.monotonic() - began
    delivered = nginx.counted() - counted - 1
    used = gateway.cpu() - used
    gateway.stop()
    if delivered < requests * batch:
        raise SystemExit(f"{delivered} of {requests * batch} deliveries arrived")
    return {"wrk POST/s": rate, "deliveries/s": delivered / taken, "over wrk's POST/s": delivered / taken / rate,
            "gateway s/1000": used / delivered * 1000, "CPU over wrk's": used / delivered / cpu}


def latency(options, folder):
    port = free_port()
    gateway = Gateway(options.gatehouse, folder)
    gateway.subscribe(f"http://127.0.0.1:{port}/")
    out, _ = run([options.tools, "latency", "--gateway", gateway.url, "--key", gateway.key, "--port", port,
                  "--rate", 1000, "--seconds", options.seconds])
    memory = gateway.memory()
    gateway.stop()
    received, expected, p50, p99, p999 = re.search(
        r"received (\d+) of (\d+) p50 (\S+) p99 (\S+) p999 (\S+)", out).groups()
    if received != expected:
        raise SystemExit(f"{received} of {expected} arrived")
    return {"p50 ms": float(p50), "p99 ms": float(p99), "p99.9 ms": float(p999), "memory MB": memory}


def isolation(options, folder, healthy=100, hanging=900, rate=2):
    """Events to a thousand receivers, most of them hanging: what the healthy ones get of it, and when."""
    port = free_port()
    receivers = subprocess.Popen(
        [sys.executable, HERE / "load" / "receivers.py", str(port), str(healthy), str(hanging)],
        stdout=subprocess.PIPE, text=True)
    if receivers.stdout.readline().strip() != "ready":
        raise SystemExit("the receivers do not start")
    gateway = Gateway(options.gatehouse, folder)
    try:
        for number in range(healthy + hanging):
            gateway.subscribe(f"http://127.1.{number // 250}.{number % 250 + 1}:{port}/")
        used, began, events = gateway.cpu(), time.monotonic(), options.seconds * rate * 2
        for number in range(events):
            time.sleep(max(0, began + number / rate - time.monotonic()))
            gateway.post(id=f"isolation-{number}-{time.time_ns() // 1000}")
        time.sleep(2)
        used = (gateway.cpu() - used) / (time.monotonic() - began)
        memory = gateway.memory()
    finally:
        receivers.terminate()
        out, _ = receivers.communicate(timeout=60)
        gateway.stop()
    received, p50, p99, held = re.search(r"received (\d+) p50 (\S+) p99 (\S+) held (\d+)", out).groups()
    return {"receipts of the healthy, of all": int(received) / (events * healthy), "p50 ms": float(p50),
            "p99 ms": float(p99), "gateway CPU, cores": used, "connections that hang": int(held), "memory MB": memory}


def idle(options, folder):
    gateway = Gateway(options.gatehouse, folder)
    time.sleep(2)
    memory = gateway.memory()
    gateway.stop()
    return {"memory idle MB": memory}


def machine():
    model = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text())
    return (f"{os.cpu_count()} cores ({model.group(1) if model else 'unknown'}), "
            f"{int(memory.group(1)) / 2**20:.0f} GiB, Linux {os.uname().release}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gatehouse", type=pathlib.Path, required=True)
    parser.add_argument("--tools", type=pathlib.Path, required=True)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="", metavar="PATTERN", help="benchmarks whose title matches")
    parser.add_argument("--subscriptions", type=int, default=10_000, help="how many want something else")
    parser.add_argument("--waiting", type=int, default=1_000_000, help="how many deliveries wait")
    parser.add_argument("--expired", type=int, default=100_000, help="how many events are to be pruned")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        nginx = Nginx(folder)
        try:
            plays = {
                "delivery engine alone, signed": lambda: engine(options, nginx),
                "durable acceptance, one event a POST": lambda: acceptance(options, folder),
                "end to end, one event a POST": lambda: end_to_end(options, folder, nginx, 1),
                "end to end, batches of 100": lambda: end_to_end(options, folder, nginx, 100),
                "latency at 1,000/s": lambda: latency(options, folder),
                "900 of 1,000 receivers hang": lambda: isolation(options, folder),
                "idle": lambda: idle(options, folder),
            }
            if options.only:
                # These take minutes each, so they run only if they are asked for.
                plays |= {
                    "subscriptions of other kinds": lambda: scale.subscriptions(options, folder, "kinds"),
                    "subscriptions of other doors": lambda: scale.subscriptions(options, folder, "doors"),
                    "many deliveries wait": lambda: scale.waiting(options, folder, nginx),
                    "pruning under load": lambda: scale.pruning(options, folder, nginx),
                    "what an event costs the store": lambda: scale.store(options, folder, nginx),
                }
            plays = {title: play for title, play in plays.items() if re.search(options.only, title)}
            print(f"{machine()}; {options.rounds} rounds of {options.seconds} s, medians\n")
            print("| benchmark | figure | median | lowest | highest |\n|---|---|---|---|---|")
            for title, play in plays.items():
                rounds = [play() for _ in range(options.rounds)]
                for figure in rounds[0]:
                    values = [one[figure] for one in rounds]
                    row = [f"{value:,.4g}" for value in (statistics.median(values), min(values), max(values))]
                    print(f"| {title} | {figure} | {' | '.join(row)} |", flush=True)
        finally:
            nginx.stop()


if __name__ == "__main__":
    main()
