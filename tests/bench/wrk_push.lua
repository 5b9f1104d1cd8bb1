-- One pushed row a request, with varying targets and values. Arguments: districtd or pushgateway,
-- the number of targets, and, for districtd, the token.

local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(arguments)
  peer, targets, token = arguments[1], tonumber(arguments[2]), arguments[3]
  math.randomseed(1000 + number)
  if peer == "districtd" then
    headers = {["Content-Type"] = "text/csv", ["Authorization"] = "Bearer " .. token}
  else
    headers = {["Content-Type"] = "text/plain; version=0.0.4"}
  end
end

-- Values stay far below the schedule: what is measured is taking figures in, not changing lights.
function request()
  local target = math.random(0, targets - 1)
  local value = string.format("%.4f", 1 + math.random() / 10)
  if peer == "districtd" then
    local body = string.format("target,as_of,value\nbench.t%d,2025-%02d-%02d,%s\n", target,
                               math.random(1, 12), math.random(1, 28), value)
    return wrk.format("POST", "/api/v1/observations", headers, body)
  end
  return wrk.format("PUT", "/metrics/job/district/target/t" .. target, headers,
                    "district_target_actual " .. value .. "\n")
end
