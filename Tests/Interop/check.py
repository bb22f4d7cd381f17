#!/usr/bin/env python3
"""Holds a running gateway against the libraries that its callers and receivers use.

    check.py BINARY        the gateway to start, such as .build/debug/gatehouse

The SDK of CloudEvents sends events in each of its modes and reads what is delivered; the verifiers of Standard Webhooks
and of Svix judge its signatures. Gateway and receiver listen on free ports of 127.0.0.1. Exit 0 only if all of it held.
What the libraries are is in requirements.txt beside this file; run this by the Python that has them.
"""
import gzip
import http.client
import http.server
import json
import queue
import sys
import tempfile
import threading
from pathlib import Path

import standardwebhooks
import svix.webhooks
from cloudevents.core.bindings import http as binding
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent
from cloudevents.v1.conversion import to_binary as to_binary_v1
from cloudevents.v1.conversion import to_structured as to_structured_v1
from cloudevents.v1.http import CloudEvent as CloudEventV1

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Python"))
from running_gateway import Gateway  # noqa: E402

PATIENCE = 60  # seconds for a start, an answer, a delivery, an end
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Receiver:
    """Accepts every delivery, and keeps it."""

    def __init__(self):
        self.taken = queue.Queue()
        taken = self.taken

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                taken.put((dict(self.headers.items()), body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def end(self):
        self.server.shutdown()
        self.server.server_close()


def post(gateway, headers, body):
    """Posts a message with exactly these fields; urllib would name a type that the message has not."""
    connection = http.client.HTTPConnection(gateway.url.removeprefix("http://"), timeout=PATIENCE)
    try:
        connection.putrequest("POST", "/v1/events")
        fields = {**headers, "Authorization": f"Bearer {gateway.key}", "Content-Length": str(len(body))}
        for name, value in fields.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read() or "null")
    finally:
        connection.close()


def event(number, data=None, **more):
    """An event as a user of the SDK makes one."""
    attributes = {"id": f"sdk-{number}", "source": "/sdk", "type": "access.granted", "organization": "acme", **more}
    return CloudEvent(attributes, data)


def messages():
    """What is sent: name, header fields, body, and the ids that it brings."""
    data = {"panel": "1070000", "door": "lobby", "person": {"id": "31", "name": "Tür"}}
    rich = {
        "subject": "doors/lobby äé% \"x\"", "dataschema": "https://example.com/schema", "traceparent": TRACE,
        "tracestate": "a=b", "sampledrate": 30, "site": "north", "cardnumber": "4711"}
    sent = []
    for number, (name, made, write) in enumerate([
            ("binary", event(0, data), binding.to_binary_event),
            ("binary without data", event(1), binding.to_binary_event),
            ("binary with its type", event(2, data, datacontenttype="application/json; charset=utf-8"), binding.to_binary_event),
            ("binary with attributes", event(3, data, **rich), binding.to_binary_event),
            ("structured", event(4, data), binding.to_structured_event),
            ("structured without data", event(5), binding.to_structured_event),
            ("structured with attributes", event(6, data, **rich), binding.to_structured_event),
            ("structured with another JSON", event(7, data, datacontenttype="application/vnd.x+json"), binding.to_structured_event),
            ("structured from bytes", event(8, json.dumps(data).encode()), binding.to_structured_event)]):
        message = write(made)
        sent.append((name, message.headers, message.body, [f"sdk-{number}"]))
    batch = [json.loads(JSONFormat().write(event(number, data, **rich))) for number in (9, 10)]
    kind = {"content-type": "application/cloudevents-batch+json"}
    sent.append(("a batch", kind, json.dumps(batch).encode(), ["sdk-9", "sdk-10"]))
    batch[0]["id"], batch[1]["id"] = "sdk-11", "sdk-12"
    packed = {**kind, "content-encoding": "gzip"}
    sent.append(("a batch in gzip", packed, gzip.compress(json.dumps(batch).encode()), ["sdk-11", "sdk-12"]))
    for number, (name, write, content) in enumerate([
            ("binary, by the SDK's first version", to_binary_v1, data),
            ("binary without data, by the SDK's first version", to_binary_v1, None),
            ("structured, by the SDK's first version", to_structured_v1, data),
            ("structured without data, by the SDK's first version", to_structured_v1, None)], 13):
        attributes = {"id": f"sdk-{number}", "source": "/sdk", "type": "access.granted", "organization": "acme", "site": "north"}
        headers, body = write(CloudEventV1(attributes, content))
        sent.append((name, headers, body or b"", [f"sdk-{number}"]))
    return sent


def furnish(gateway, receiver):
    """Makes the building and the subscription; returns its id and secret."""
    gateway.create("/v1/organizations", id="acme", name="Acme")
    gateway.create("/v1/panels", id="1070000", organization="acme", name="Main panel")
    gateway.create("/v1/doors", id="lobby", panel="1070000", number=1, name="Lobby")
    made = gateway.create(
        "/v1/subscriptions", name="SDK", organization="acme", dialect="standard", url=receiver.url)
    return made["id"], made["secret"]


def check_attributes(name, read, wrong):
    """What the SDK reads of a delivery has what the SDK sent."""
    told = read.get_attributes()
    if "attributes" in name or "batch" in name:
        for key, value in {
                "subject": "doors/lobby äé% \"x\"", "dataschema": "https://example.com/schema", "traceparent": TRACE,
                "tracestate": "a=b", "site": "north"}.items():
            if told.get(key) != value:
                wrong.append(f"{name}: {key} is {told.get(key)!r} instead of {value!r}")
        if str(told.get("sampledrate")) != "30":
            wrong.append(f"{name}: sampledrate is {told.get('sampledrate')!r}")
    if "cardnumber" in told or "4711" in repr(told):
        wrong.append(f"{name}: a credential is told at level 1")
    if "without data" not in name and (read.get_data() or {}).get("door") != "lobby":
        wrong.append(f"{name}: the data is {read.get_data()!r}")


def verify(secret, headers, body):
    """Which of the two verifiers take a delivery."""
    took = []
    for verifier in (standardwebhooks.Webhook(secret), svix.webhooks.Webhook(secret)):
        try:
            verifier.verify(body, headers)
            took.append(True)
        except standardwebhooks.WebhookVerificationError:
            took.append(False)
    return took


def check_events(gateway, receiver, secret):
    """Sends every message and reads what is delivered; returns what was wrong."""
    wrong = []
    for name, headers, body, ids in messages():
        status, answer = post(gateway, headers, body)
        if status != 202:
            wrong.append(f"{name}: {status} {answer}")
            continue
        for _ in ids:
            delivered, content = receiver.taken.get(timeout=PATIENCE)
            read = binding.from_http_event(binding.HTTPMessage(delivered, content))
            if read.get_id() not in ids or read.get_source() != "/sdk" or read.get_type() != "access.granted":
                wrong.append(f"{name}: delivered as {read.get_attributes()}")
            check_attributes(name, read, wrong)
            if verify(secret, delivered, content) != [True, True]:
                wrong.append(f"{name}: a verifier refuses the signature")
            if True in verify(secret, delivered, content.replace(b"granted", b"denied_")):
                wrong.append(f"{name}: a verifier takes a changed body")
    return wrong


def check_rotation(gateway, receiver, subscription, old):
    """While a secret is rotated, both verify; returns what was wrong."""
    new = gateway.create(f"/v1/subscriptions/{subscription}/rotate-secret")["secret"]
    message = binding.to_binary_event(event("rotated"))
    status, answer = post(gateway, message.headers, message.body)
    if status != 202:
        return [f"after the rotation: {status} {answer}"]
    headers, body = receiver.taken.get(timeout=PATIENCE)
    wrong = []
    if new == old or len(headers["webhook-signature"].split()) != 2:
        wrong.append(f"after the rotation there are not two signatures: {headers['webhook-signature']}")
    for name, secret in (("new", new), ("old", old)):
        if verify(secret, headers, body) != [True, True]:
            wrong.append(f"after the rotation a verifier refuses the {name} secret")
    if True in verify("whsec_" + "A" * 32, headers, body):
        wrong.append("a verifier takes a secret that is none")
    return wrong


def check_feed(gateway):
    """The feed tells the same attributes as the deliveries; returns what was wrong."""
    page = gateway.call("GET", "/v1/events?limit=100")
    told = {each["id"]: each for each in page["events"]}
    rich = told.get("sdk-3", {})
    if rich.get("traceparent") != TRACE or rich.get("site") != "north" or not str(rich.get("subject")).startswith("doors/"):
        return [f"the feed tells {rich}"]
    return []


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        receiver = Receiver()
        gateway = Gateway(str(Path(sys.argv[1]).resolve()), folder)
        try:
            subscription, secret = furnish(gateway, receiver)
            wrong = check_events(gateway, receiver, secret)
            wrong += check_rotation(gateway, receiver, subscription, secret)
            wrong += check_feed(gateway)
        finally:
            gateway.end()
            receiver.end()
    count = len(messages())
    print(f"cloudevents, standardwebhooks, svix: {count} messages, " + (f"{len(wrong)} wrong" if wrong else "all as they should be"))
    for each in wrong:
        print("   ", each)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
