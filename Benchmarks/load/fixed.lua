-- Posts the same body again and again: what the delivery engine is held against. The body is that of a usual delivery.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/cloudevents+json"
wrk.body = '{"specversion":"1.0","id":"679521e4-c455-423f-8155-d012c98f5dcc","source":"/panels/1070000",'
  .. '"type":"access.granted","time":"2026-03-11T08:15:30.250Z","organization":"acme",'
  .. '"receivedtime":"2026-03-11T08:15:30.251Z","gatehouseid":"019248f0-1c2d-7abc-8def-0123456789ab",'
  .. '"data":{"panel":"1070000","door":"lobby","person":{"id":"31","firstName":"Ana","lastName":"Reis",'
  .. '"email":"ana@example.com"},"access":{"direction":"entry","method":"card","authorized":true}}}'

function done(summary)
  local errors = summary.errors
  io.write(string.format("requests %d microseconds %d bad %d\n", summary.requests, summary.duration,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
