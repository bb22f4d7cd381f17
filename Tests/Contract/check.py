#!/usr/bin/env python3
"""Holds a running gateway against the description that it serves.

    check.py BINARY        the gateway to start, such as .build/debug/gatehouse

The gateway is started on a free port of 127.0.0.1 with a store of its own, a building is furnished through the API,
openapi-spec-validator reads /openapi.json, and schemathesis walks every route by it. Exit 0 only if nothing is wrong.
What both are is in requirements.txt beside this file; run this by the Python that has them.
"""
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from openapi_spec_validator import OpenAPIV31SpecValidator

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "Python"))
from running_gateway import Gateway  # noqa: E402

HERE = Path(__file__).resolve().parent
PATIENCE = 60  # seconds for a start, an answer, an end
LONGEST = 300  # seconds for the walk, beyond which something hangs
NOWHERE = "http://127.0.0.1:9/"  # where deliveries go: no program is there


def furnish(gateway):
    """Makes the building of the description's examples; returns the ids that stand in places of paths, and for those
    who delete something the ids of what is not needed."""
    make = lambda path, **body: gateway.call("POST", path, body)
    make("/v1/organizations", id="acme", name="Acme", timeZone="Europe/Lisbon")
    make("/v1/organizations", id="spare", name="Spare")
    make("/v1/panels", id="1070000", organization="acme", name="Main panel")
    make("/v1/panels", id="spare", organization="acme", name="Spare")
    simulated = {"type": "simulated"}
    make("/v1/doors", id="lobby", panel="1070000", number=1, name="Lobby", driver=simulated)
    make("/v1/doors", id="spare", panel="1070000", number=9, name="Spare")
    subscription = {"name": "first", "organization": "acme", "dialect": "standard", "url": NOWHERE}
    held, spare = (make("/v1/subscriptions", **subscription)["id"] for _ in range(2))
    gateway.call("POST", f"/v1/subscriptions/{held}/pause", {})
    keys = [make("/v1/keys", name="panel", role="source", organization="acme")["id"] for _ in range(2)]
    triggers = [make("/v1/triggers", name="Rhombus", organization="acme")["id"] for _ in range(2)]
    event = {
        "specversion": "1.0", "id": "first", "source": "/panels/1070000", "type": "access.granted",
        "organization": "acme", "data": {"panel": "1070000", "door": "lobby", "person": {"id": "31"}}}
    taken = gateway.call("POST", "/v1/events", event)["events"][0]["event"]
    delivery = gateway.call("GET", f"/v1/deliveries?subscription={held}")["items"][0]["id"]
    hours = {"since": "2020-01-01T00:00:00Z"}
    replay = gateway.call("POST", f"/v1/subscriptions/{held}/replay", hours)["id"]
    kept = {
        "organization": "acme", "panel": "1070000", "door": "lobby", "key": keys[0], "subscription": held,
        "trigger": triggers[0], "event": taken, "delivery": delivery, "replay": replay, "person": "31"}
    spares = {
        **kept, "organization": "spare", "panel": "spare", "door": "spare", "key": keys[1], "subscription": spare,
        "trigger": triggers[1]}
    return kept, spares


def settled(document, kept, spares):
    """The description as the walk reads it: its examples name what there is, and nothing is sent to the net."""
    text = json.dumps(document).replace("https://receiver.example.com/gatehouse", NOWHERE)
    document = json.loads(text.replace("subscription_7a1b2c3d4e5f6071", kept["subscription"]))
    parameters = document["components"]["parameters"]
    for place, name in kept.items():
        parameters[f"path.{place}"]["example"] = name
    for operations in document["paths"].values():
        for method, operation in operations.items():
            if method == "delete":
                operation["parameters"] = [
                    spared(parameters, reference, spares) for reference in operation["parameters"]]
    return document


def spared(parameters, reference, spares):
    key = reference["$ref"].rsplit("/", 1)[1]
    place, name = key.split(".")
    return {**parameters[key], "example": spares[name]} if place == "path" else reference


def walk(gateway, folder, document):
    """Runs schemathesis; returns its exit code."""
    path = Path(folder) / "openapi.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    command = [
        str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(HERE / "schemathesis.toml"), "run",
        str(path), "--url", gateway.url]
    environment = {
        **os.environ, "GATEHOUSE_KEY": gateway.key, "GATEHOUSE_WALKING": str(HERE / "walking.py"),
        "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, env=environment, cwd=folder, stdin=subprocess.DEVNULL, timeout=LONGEST).returncode


def main():
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        # Wrong keys are part of the walk, and their answers would be held back for seconds.
        gateway = Gateway(
            str(Path(sys.argv[1]).resolve()), folder, PATIENCE, {"GATEHOUSE_GUESSES_FIRST_WAIT": "0s"})
        try:
            document = gateway.call("GET", "/openapi.json")
            OpenAPIV31SpecValidator(document).validate()
            print(f"openapi-spec-validator: OpenAPI {document['openapi']}, {len(document['paths'])} paths, valid")
            kept, spares = furnish(gateway)
            code = walk(gateway, folder, settled(document, kept, spares))
            gateway.call("GET", "/v1/kinds")  # it lives
        finally:
            gateway.end()
    sys.exit(code)


if __name__ == "__main__":
    main()
