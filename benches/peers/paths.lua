-- Asks for the paths in a file, one after the other: `wrk -s paths.lua URL -- FILE`.

local paths = {}
local asked = 0

function init(args)
  for path in io.lines(args[1]) do
    paths[#paths + 1] = path
  end
end

function request()
  asked = asked % #paths + 1
  return wrk.format("GET", paths[asked])
end

function done(summary)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('{"requests": %d, "failed": %d, "seconds": %f}\n',
    summary.requests, failed, summary.duration / 1e6))
end
