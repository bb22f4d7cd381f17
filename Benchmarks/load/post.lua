-- Posts events with ids that differ from each other, alone or in batches: GH_BATCH events a request, GH_RUN a run.
local batch = tonumber(os.getenv("GH_BATCH") or "1")
local run = os.getenv("GH_RUN") or "run"
local key = os.getenv("GH_KEY") or ""
local thread_count = 0
local head = '{"specversion":"1.0","id":"'
local tail = '","source":"/panels/1070000","type":"access.granted","time":"2026-03-11T08:15:30.250Z",'
  .. '"data":{"panel":"1070000","door":"lobby","person":{"id":"31","firstName":"Ana","lastName":"Reis",'
  .. '"email":"ana@example.com"},"credential":{"form":"card","number":"123456","cardType":1,"value":12345},'
  .. '"access":{"direction":"entry","method":"card","grantedBy":"identifier","authorized":true,"duress":false}}}'

function setup(thread)
  thread_count = thread_count + 1
  thread:set("number", thread_count)
end

function init()
  count = 0
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.headers["Authorization"] = "Bearer " .. key
end

function request()
  local events = {}
  for place = 1, batch do
    count = count + 1
    events[place] = head .. run .. "-" .. number .. "-" .. count .. tail
  end
  local body = events[1]
  if batch > 1 then body = "[" .. table.concat(events, ",") .. "]" end
  return wrk.format(nil, nil, nil, body)
end

function done(summary)
  local errors = summary.errors
  io.write(string.format("requests %d microseconds %d bad %d\n", summary.requests, summary.duration,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
