"""What schemathesis is told of this API, beyond its description."""
import json

import schemathesis

NOWHERE = "http://127.0.0.1:9/"


@schemathesis.hook
def before_call(context, case, kwargs):
    """The walk stays on this machine, where a subscription's deliveries go to the closed port 9, and waits for no
    door that is set to give no answer."""
    if not isinstance(case.body, dict):
        return
    if str(case.body.get("url")).lower().startswith("http"):
        case.body["url"] = NOWHERE
    driver = case.body.get("driver")
    if isinstance(driver, dict) and type(driver.get("timeout")) is int and 200 < driver["timeout"] <= 30_000:
        driver["timeout"] = 200


@schemathesis.serializer("application/x-ndjson")
def json_lines(context, value):
    """The description has JSON lines as the text that they are."""
    return (value if isinstance(value, str) else json.dumps(value)).encode("utf-8", "surrogatepass")
