"""A gateway that runs in a process of its own, for the checks that are written in Python.

A check finds this file by `sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Python"))`.
"""
import contextlib
import http.client
import json
import os
import queue
import re
import secrets
import subprocess
import threading
from pathlib import Path

JSON_BODY = {"Content-Type": "application/json"}


class Gateway:
    """A gateway on a free port of 127.0.0.1 with a store in a folder; `key` stands above all organizations."""

    def __init__(self, binary, folder, patience=60, variables=None):
        """Starts the binary and waits until it listens; `patience` bounds a start, an answer and an end, in seconds."""
        self.key = secrets.token_hex(16)
        self.patience = patience
        self.log = open(Path(folder) / "gateway.log", "w+", encoding="utf-8")
        self.process = subprocess.Popen(
            [binary, "serve", "--port", "0", "--store", f"sqlite:{folder}/gateway.db", "--allow-targets", "127.0.0.0/8"],
            env={**os.environ, "GATEHOUSE_ADMIN_KEY": self.key, **(variables or {})}, cwd=folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self.log, text=True)
        lines = queue.Queue()
        threading.Thread(target=self._read, args=(lines,), daemon=True).start()
        self.port = self._port(lines)
        self.url = f"http://127.0.0.1:{self.port}"

    def _read(self, lines):
        for line in self.process.stdout:
            lines.put(line)
        lines.put("")

    def _port(self, lines):
        said = ""
        while True:
            try:
                line = lines.get(timeout=self.patience)
            except queue.Empty:
                line = ""
            if found := re.search(r"listening on http://127\.0\.0\.1:(\d+)", line):
                return int(found.group(1))
            said += line
            if not line:
                self.end()
                raise SystemExit(f"the gateway did not say where it listens, but: {said}")

    def end(self):
        """Asks the process to end, and waits until it has."""
        self.process.terminate()
        try:
            self.process.wait(self.patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()

    def send(self, method, path, body=None, fields=JSON_BODY):
        """Sends a request over a connection of its own; returns the status and the bytes of the answer."""
        return send(self.port, self.key, self.patience, method, path, body, fields)

    def call(self, method, path, body=None):
        """Sends a request that must be answered 2xx; returns the answer's JSON."""
        data = None if body is None else json.dumps(body).encode()
        status, answer = self.send(method, path, data)
        if not 200 <= status < 300:
            raise SystemExit(f"{method} {path}: {status} {answer.decode()}")
        return json.loads(answer or "null")

    def create(self, path, **fields):
        """Creates a thing; returns the answer's JSON."""
        return self.call("POST", path, fields)


def send(port, key, patience, method, path, body=None, fields=JSON_BODY):
    """What `Gateway.send` does, for a process that cannot have the gateway itself."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=patience)) as connection:
        connection.request(method, path, body, {**fields, "Authorization": f"Bearer {key}"})
        answer = connection.getresponse()
        return answer.status, answer.read()
