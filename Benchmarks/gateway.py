"""What the benchmarks run: the gateway, nginx, wrk, and the figures that the system has of them."""

import contextlib
import json
import os
import pathlib
import re
import resource
import socket
import subprocess
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
    """The release binary on a file of its own, or on one that an earlier run has filled."""

    def __init__(self, binary, folder, store=None, key=None, **variables):
        self.log = folder / f"gateway-{time.monotonic_ns()}.log"
        self.store = store or folder / f"store-{time.monotonic_ns()}.db"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [binary, "serve", "--port", "0", "--store", f"sqlite:{self.store}", "--allow-targets", "127.0.0.0/8",
                 "--log-level", "warning"],
                env=os.environ | {"GATEHOUSE_ADMIN_KEY": ADMIN} | variables, stdout=log, stderr=log)
        wait_for("the gateway listens", lambda: "listening on" in self.log.read_text())
        self.url = re.search(r"listening on (\S+)", self.log.read_text()).group(1)
        self.key = key or self.furnish()

    def furnish(self):
        """Makes an organization with one door; returns the key of its source."""
        self.call("organizations", id="acme", name="Acme")
        self.call("panels", id="1070000", organization="acme", name="Main")
        self.call("doors", id="lobby", panel="1070000", number=1, name="Lobby")
        return self.call("keys", name="load", role="source", organization="acme")["key"]

    def call(self, path, method=None, **body):
        request = urllib.request.Request(
            f"{self.url}/v1/{path}", data=json.dumps(body).encode() if body or method else None, method=method,
            headers={"Authorization": f"Bearer {ADMIN}", "Content-Type": "application/json"})
        return json.load(urllib.request.urlopen(request))

    def metric(self, name):
        """The sum of a metric over its labels; 0 if it is not there yet."""
        request = urllib.request.Request(f"{self.url}/metrics", headers={"Authorization": f"Bearer {ADMIN}"})
        page = urllib.request.urlopen(request).read().decode()
        return sum(float(value) for value in re.findall(rf"^{name}(?:\{{.*\}})? (\S+)$", page, re.MULTILINE))

    def post(self, **event):
        request = urllib.request.Request(
            f"{self.url}/v1/events",
            data=json.dumps({"specversion": "1.0", "source": "/panels/1070000", "type": "door.opened",
                             "data": {"panel": "1070000", "door": "lobby"}} | event).encode(),
            headers={"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"})
        urllib.request.urlopen(request).read()

    def subscribe(self, url, **terms):
        terms = {"name": "bench", "dialect": "standard", "url": url, "organization": "acme"} | terms
        return self.call("subscriptions", **terms)["id"]

    def owes_nothing(self):
        return not any(self.call(f"deliveries?state={state}&limit=1")["items"] for state in ("waiting", "leased"))

    def cpu(self):
        return cpu_of(self.process.pid)

    def memory(self, kind="VmRSS"):
        """Resident memory in MB; RssAnon is the part that is no page of a file."""
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(rf"{kind}:\s+(\d+)", status).group(1)) / 1024

    def written(self):
        """How many bytes it has caused to be written to the disk."""
        figures = pathlib.Path(f"/proc/{self.process.pid}/io").read_text()
        return int(re.search(r"^write_bytes: (\d+)", figures, re.MULTILINE).group(1))

    def stop(self):
        self.process.terminate()
        if self.process.wait(60) != 0:
            raise SystemExit(f"the gateway ended badly: {self.log.read_text()[-2000:]}")
