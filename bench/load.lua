-- For wrk: posts the body in BENCH_BODY to the endpoint BENCH_HOST with the bearer tokens in BENCH_TOKENS, one after the
-- other, and prints one line of JSON at the end.
local requests = {}
local next_request = 0

function init(args)
  local body = io.open(os.getenv("BENCH_BODY")):read("*a")
  for token in io.lines(os.getenv("BENCH_TOKENS")) do
    local headers = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. token,
      ["Host"] = os.getenv("BENCH_HOST") }
    requests[#requests + 1] = wrk.format("POST", "/v1/chat/completions", headers, body)
  end
end

function request()
  next_request = next_request % #requests + 1
  return requests[next_request]
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests": %d, "seconds": %.3f, "failed": %d, "p50_us": %d, "p99_us": %d}\n',
    summary.requests, summary.duration / 1e6,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
