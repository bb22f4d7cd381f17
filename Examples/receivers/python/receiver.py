#!/usr/bin/env python3
"""A receiver that verifies Standard Webhooks deliveries and prints one line per event. Standard library only.

    receiver.py --port 8090 --secret whsec_...

Answers 204 to what verifies and 401, with the reason, to what does not.
"""
import argparse
import base64
import binascii
import hashlib
import hmac
import json
import re
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOLERANCE = 300  # seconds that the time of signing may differ from our clock, either way
LONGEST_BODY = 1 << 20
MOST_SIGNATURES = 8


class Refused(Exception):
    """Why a request is not believed."""


def key_of(secret):
    """The 24 to 64 bytes behind whsec_."""
    if not secret.startswith("whsec_"):
        raise ValueError("the secret does not begin with whsec_")
    try:
        key = base64.b64decode(secret[len("whsec_"):], validate=True)
    except binascii.Error:
        raise ValueError("what follows whsec_ is not base64") from None
    if not 24 <= len(key) <= 64:
        raise ValueError("the secret's key must have 24 to 64 bytes")
    return key


def verify(key, headers, body, now):
    """Returns the event's id, the same on every retry. `headers(name)` gives all lines of that name."""
    event, timestamp, header = (only(headers, "webhook-" + part) for part in ("id", "timestamp", "signature"))
    if not re.fullmatch(r"[!-\-/-~]{1,256}", event):  # visible ASCII without the full stop
        raise Refused("webhook-id is malformed")
    if not re.fullmatch(r"[0-9]{1,15}", timestamp):
        raise Refused("webhook-timestamp is no number of seconds")
    signatures = header.split(" ")
    if len(signatures) > MOST_SIGNATURES or len(set(signatures)) < len(signatures):
        raise Refused("webhook-signature repeats itself")
    if any(s.startswith("v1,") and not re.fullmatch(r"v1,[A-Za-z0-9+/]{43}=", s) for s in signatures):
        raise Refused("webhook-signature has a v1 signature that is not whole")
    if abs(now - int(timestamp)) > TOLERANCE:
        raise Refused("signed too long ago or in the future")
    signed = event.encode() + b"." + timestamp.encode() + b"." + body
    expected = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    # Compared in constant time, and every one of them: two are there while a secret is rotated.
    if not any([hmac.compare_digest(expected.encode(), s.encode()) for s in signatures]):
        raise Refused("the signature does not match")
    return event


def only(headers, name):
    """The value of a header that must stand exactly once."""
    values = headers(name)
    if len(values) != 1 or not values[0]:
        raise Refused(f"{name} must stand exactly once")
    return values[0]


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    key = b""

    def do_POST(self):
        length = self.headers.get("content-length", "")
        if not re.fullmatch(r"[0-9]{1,9}", length) or int(length) > LONGEST_BODY:
            self.close_connection = True
            return self.answer(413 if length else 411, "a body with a Content-Length up to 1 MiB is wanted")
        body = self.rfile.read(int(length))
        try:
            event = verify(self.key, lambda name: self.headers.get_all(name, []), body, int(time.time()))
        except Refused as reason:
            return self.answer(401, str(reason))
        # Only now is the body believed. Remember the id to take each event once: deliveries may repeat.
        try:
            print(event, line(body), flush=True)
        except (ValueError, AttributeError):
            return self.answer(400, "this is no event")
        self.answer(204)

    def answer(self, status, reason=""):
        self.send_response(status)
        if status != 204:
            self.send_header("content-type", "text/plain; charset=utf-8")
            self.send_header("content-length", str(len(reason.encode())))
        self.end_headers()
        self.wfile.write(reason.encode())

    def log_message(self, *_):
        """Silent: the events are the only output."""


def line(body):
    """What happened, where and when."""
    event = json.loads(body)
    data = event.get("data", {})
    return f"{event.get('type')} door={data.get('door', '-')} time={event.get('time')}"


def main():
    arguments = argparse.ArgumentParser(description="Verifies Standard Webhooks deliveries and prints the events.")
    arguments.add_argument("--port", type=int, default=8090, help="0 takes a free one")
    arguments.add_argument("--secret", required=True, help="whsec_..., as the subscription showed it")
    given = arguments.parse_args()
    try:
        Receiver.key = key_of(given.secret)
    except ValueError as fault:
        arguments.error(str(fault))
    server = ThreadingHTTPServer(("127.0.0.1", given.port), Receiver)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
