-- Asks for the paths in a file, one after the other: `wrk -s paths.lua URL -- FILE`.

local paths = {}
local asked = 0

function init(args)
  for path in io.lines(args[1]) do
    if path ~= "" then
      paths[#paths + 1] = path
    end
  end
end

function request()
  asked = asked % #paths + 1
  return wrk.format("GET", paths[asked])
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('{"requests": %d, "failed": %d, "seconds": %f, "bytes": %d, "p50_ms": %f, "p99_ms": %f}\n',
    summary.requests, failed, summary.duration / 1e6, summary.bytes,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
