"""Plays the benchmarks: every figure of the gateway beside a raw load generator in the same run, as ratios.

Rates drift with the hour and the neighbours of the machine, so each round measures both sides one right after the other,
and the median of the rounds' ratios counts.
"""

import argparse
import contextlib
import json
import os
import pathlib
import re
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ADMIN = "benchmark-admin-key-0123456789"
TICKS = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(what, holds, limit=60):
    end = time.monotonic() + limit
    while not holds():
        if time.monotonic() > end:
            raise SystemExit(f"not within {limit} s: {what}")
        time.sleep(0.02)


def is_open(port):
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
        return True
    return False


def cpu_of(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def run(arguments, **variables):
    """Runs a command to its end; returns what it printed and its CPU seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [str(a) for a in arguments], env=os.environ | variables, capture_output=True, text=True, check=True, timeout=300)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return done.stdout, cpu


def wrk(script, url, seconds, connections=64, **variables):
    """Returns requests a second, CPU seconds per request, and the number of requests."""
    out, cpu = run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", HERE / "load" / script, url], **variables)
    requests, micros, bad = map(int, re.search(r"requests (\d+) microseconds (\d+) bad (\d+)", out).groups())
    if bad or not requests:
        raise SystemExit(f"wrk met {bad} bad answers of {requests} at {url}")
    return requests / (micros / 1e6), cpu / requests, requests


class Nginx:
    """Answers 204 to everything and counts the requests."""

    def __init__(self, folder):
        self.port = free_port()
        configuration = folder / "nginx.conf"
        configuration.write_text(
            f"daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_processes 1;"
            "events { worker_connections 4096; }"
            f"http {{ access_log off; keepalive_requests 100000000; client_body_temp_path {folder}/body;"
            f"server {{ listen 127.0.0.1:{self.port} backlog=4096;"
            " location /counted { stub_status; } location / { return 204; } } }")
        self.process = subprocess.Popen(["nginx", "-c", str(configuration)], stderr=subprocess.DEVNULL)
        wait_for("nginx listens", lambda: is_open(self.port))

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/"

    def counted(self):
        """How many requests it has answered, this one left out."""
        text = urllib.request.urlopen(self.url + "counted").read().decode()
        return int(text.splitlines()[2].split()[2]) - 1

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Gateway:
    """The release binary on a file of its own."""

    def __init__(self, binary, folder):
        self.log = folder / f"gateway-{time.monotonic_ns()}.log"
        store = folder / f"store-{time.monotonic_ns()}.db"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [binary, "serve", "--port", "0", "--store", f"sqlite:{store}", "--allow-targets", "127.0.0.0/8",
                 "--log-level", "warning"],
                env=os.environ | {"GATEHOUSE_ADMIN_KEY": ADMIN}, stdout=log, stderr=log)
        wait_for("the gateway listens", lambda: "listening on" in self.log.read_text())
        self.url = re.search(r"listening on (\S+)", self.log.read_text()).group(1)
        self.call("organizations", id="acme", name="Acme")
        self.call("panels", id="1070000", organization="acme", name="Main")
        self.call("doors", id="lobby", panel="1070000", number=1, name="Lobby")
        self.key = self.call("keys", name="load", role="source", organization="acme")["key"]

    def call(self, path, **body):
        request = urllib.request.Request(
            f"{self.url}/v1/{path}", data=json.dumps(body).encode() if body else None,
            headers={"Authorization": f"Bearer {ADMIN}", "Content-Type": "application/json"})
        return json.load(urllib.request.urlopen(request))

    def post(self, **event):
        request = urllib.request.Request(
            f"{self.url}/v1/events",
            data=json.dumps({"specversion": "1.0", "source": "/panels/1070000", "type": "door.opened",
                             "data": {"panel": "1070000", "door": "lobby"}} | event).encode(),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"})
        urllib.request.urlopen(request).read()

    def subscribe(self, url, **terms):
        self.call("subscriptions", name="bench", dialect="standard", url=url, organization="acme", **terms)

    def owes_nothing(self):
        return not any(self.call(f"deliveries?state={state}&limit=1")["items"] for state in ("waiting", "leased"))

    def cpu(self):
        return cpu_of(self.process.pid)

    def memory(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1024

    def stop(self):
        self.process.terminate()
        if self.process.wait(60) != 0:
            raise SystemExit(f"the gateway ended badly: {self.log.read_text()[-2000:]}")


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
