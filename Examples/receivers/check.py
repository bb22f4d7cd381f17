#!/usr/bin/env python3
"""Holds a receiver against requests that it must take and requests that it must refuse.

    check.py                                    the Python and the JavaScript receiver beside this file
    check.py node javascript/receiver.mjs       this one; --port 0 and --secret are added

The receiver is started on a free port of 127.0.0.1, asked, and ended by its process id. Exit 0 only if it answered
every request as it should and printed exactly the events that it took.
"""
import base64
import hashlib
import hmac
import http.client
import json
import queue
import re
import secrets
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
OURS = {
    "python": [sys.executable, str(HERE / "python" / "receiver.py")],
    "javascript": ["node", str(HERE / "javascript" / "receiver.mjs")],
}
PATIENCE = 30  # seconds for a start, an answer, an end
PRINTING = 5  # seconds between an answer and the line that is printed for it


class Receiver:
    """A receiver under test, in a process of its own."""

    def __init__(self, command, secret):
        self.process = subprocess.Popen(
            [*command, "--port", "0", "--secret", secret], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        first = self.next_line(PATIENCE)
        found = re.fullmatch(r"listening on http://127\.0\.0\.1:(\d+)", first or "")
        if not found:
            self.end()
            raise SystemExit(f"the receiver did not say where it listens, but: {first!r}")
        self.port = int(found.group(1))

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(line.rstrip("\n"))
        self.lines.put(None)

    def next_line(self, patience=PRINTING):
        """The next line that it prints; None where none comes."""
        try:
            return self.lines.get(timeout=patience)
        except queue.Empty:
            return None

    def post(self, headers, body):
        """Posts one request with these header lines; returns the status, 0 for no answer, and the answer's text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.putrequest("POST", "/events")
            for name, value in [*headers, ("content-length", str(len(body)))]:
                connection.putheader(name, value)
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        except (OSError, http.client.HTTPException) as fault:
            return 0, str(fault)
        finally:
            connection.close()

    def end(self):
        """Ends this process, and no other."""
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def signature(key, event, timestamp, body):
    """One signature as Standard Webhooks 1.0 makes it."""
    code = hmac.new(key, f"{event}.{timestamp}.".encode() + body, hashlib.sha256)
    return "v1," + base64.b64encode(code.digest()).decode()


def lines(event, timestamp, *signatures):
    """The header lines of a delivery, one signature line for each given."""
    fixed = {"content-type": "application/cloudevents+json", "webhook-id": event, "webhook-timestamp": str(timestamp)}
    return [*fixed.items(), *(("webhook-signature", each) for each in signatures)]


def cases(key, now):
    """What is posted: name, header lines, body, and the status that is right."""
    event = "019248f0-1c2d-7abc-8def-0123456789ab"
    body = json.dumps({
        "specversion": "1.0", "id": "1", "source": "/panels/1070000", "type": "access.granted",
        "time": "2026-03-11T08:15:30.250Z", "data": {"panel": "1070000", "door": "lobby"},
    }, separators=(",", ":")).encode()
    good = signature(key, event, now, body)
    other = signature(secrets.token_bytes(32), event, now, body)
    younger, old, early = now - 270, now - 301, now + 330
    shifted = signature(key, event, now, f"{now}.".encode() + body)
    return [
        ("signed", lines(event, now, good), body, 204),
        ("signed twice, while a secret is rotated", lines(event, now, f"{other} {good}"), body, 204),
        ("signed nearly five minutes ago", lines(event, younger, signature(key, event, younger, body)), body, 204),
        ("a tampered body", lines(event, now, good), body.replace(b"granted", b"denied_"), 401),
        ("another event's id", lines(event.replace("0", "1"), now, good), body, 401),
        ("another time", lines(event, now + 1, good), body, 401),
        ("another secret", lines(event, now, other), body, 401),
        ("a truncated signature", lines(event, now, good[:-8]), body, 401),
        ("a signature of one byte", lines(event, now, good[:5] + "=="), body, 401),
        ("an over-long signature", lines(event, now, good + good[3:]), body, 401),
        ("an empty signature", lines(event, now, ""), body, 401),
        ("the version alone", lines(event, now, "v1,"), body, 401),
        ("a signature listed twice", lines(event, now, f"{good} {good}"), body, 401),
        ("a doubled signature header", lines(event, now, good, good), body, 401),
        ("a doubled signature header, the second wrong", lines(event, now, good, other), body, 401),
        ("no signature", lines(event, now), body, 401),
        ("a stale request", lines(event, old, signature(key, event, old, body)), body, 401),
        ("a request from the future", lines(event, early, signature(key, event, early, body)), body, 401),
        ("a time that is no number", lines(event, "soon", signature(key, event, "soon", body)), body, 401),
        ("a shifted border", lines(f"{event}.{now}", now, shifted), body, 401),
        ("signed again, after all that", lines(event, now, good), body, 204),
    ]


def check(name, command):
    """Runs every case against one receiver; returns what was wrong."""
    key = secrets.token_bytes(32)
    secret = "whsec_" + base64.b64encode(key).decode()
    receiver = Receiver(command, secret)
    wrong = []
    try:
        asked = cases(key, int(time.time()))
        for case, headers, body, status in asked:
            got, text = receiver.post(headers, body)
            if got != status:
                wrong.append(f"{case}: {got} {text!r} instead of {status}")
            elif status == 401 and (not text.strip() or secret[6:] in text):
                wrong.append(f"{case}: 401 without its reason, or with the secret: {text!r}")
            elif status == 204:
                line = receiver.next_line()
                if not line or not re.search(r"access\.granted.*door=lobby", line):
                    wrong.append(f"{case}: printed {line!r} instead of the event")
    finally:
        receiver.end()
    if (more := receiver.next_line()) is not None:
        wrong.append(f"printed more than the events that it took: {more!r}")
    print(f"{name}: {len(asked)} requests, " + ("all answered as they should" if not wrong else f"{len(wrong)} wrong"))
    for each in wrong:
        print("   ", each)
    return wrong


def main():
    if sys.argv[1:]:
        chosen = {" ".join(sys.argv[1:]): sys.argv[1:]}
    else:
        chosen = OURS
    if missing := [command[0] for command in chosen.values() if not shutil.which(command[0])]:
        raise SystemExit(f"not found: {', '.join(missing)}")
    sys.exit(1 if [each for name, command in chosen.items() for each in check(name, command)] else 0)


if __name__ == "__main__":
    main()
