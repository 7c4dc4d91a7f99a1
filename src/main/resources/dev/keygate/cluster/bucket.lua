-- One bucket of a limit that several nodes share: the same runs as ratelimit/Window.java, oldest
-- first, packed as time and amount in turn. A run is forgotten a whole window after its last
-- admission, so that no window ever holds more than the capacity. All times are microseconds of
-- this server's clock, which is the only one that counts.
--
-- KEYS[1] the bucket; ARGV: window, stretch, and then
--   'take', amount, capacity            -> admitted (1 or 0), remaining, wait, reset, stamp
--   'settle', stamp, counted, actual    -> nothing of interest
local window, stretch = tonumber(ARGV[1]), tonumber(ARGV[2])
local MOST = 2 * 66

local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000000 + tonumber(clock[2])
local packed = redis.call('GET', KEYS[1])
local old = packed and cmsgpack.unpack(packed) or {}
if #old > 0 and old[#old - 1] > now then
  now = old[#old - 1] -- the clock was set back; time stands still until it has caught up
end

local runs, total = {}, 0
for i = 1, #old, 2 do
  if now - old[i] < window then
    runs[#runs + 1] = old[i]
    runs[#runs + 1] = old[i + 1]
    total = total + old[i + 1]
  end
end

local function add(amount)
  local last = #runs
  local joins = last > 0
    and (last >= MOST or math.floor(runs[last - 1] / stretch) == math.floor(now / stretch))
  if joins then
    runs[last - 1] = now
    runs[last] = runs[last] + amount
  else
    runs[last + 1] = now
    runs[last + 2] = amount
  end
end

local function keep()
  if #runs > 0 then
    redis.call('SET', KEYS[1], cmsgpack.pack(runs), 'PX', math.ceil(window / 1000) + 1)
  end
end

if ARGV[3] == 'take' then
  local amount, capacity = tonumber(ARGV[4]), tonumber(ARGV[5])
  if total + amount <= capacity then
    add(amount)
    keep()
    return { 1, capacity - total - amount, 0, window, now }
  end
  local wait, left, i = window, total, 1
  if amount <= capacity then
    while left + amount > capacity do
      left = left - runs[i + 1]
      wait = runs[i] + window - now
      i = i + 2
    end
  end
  local reset = #runs > 0 and runs[#runs - 1] + window - now or 0
  return { 0, math.max(0, capacity - total), wait, reset, now }
end

local stamp, counted, actual = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
if actual > counted then
  add(actual - counted)
elseif now - stamp < window then
  for i = 1, #runs, 2 do
    if runs[i] >= stamp then
      runs[i + 1] = math.max(0, runs[i + 1] - (counted - actual))
      break
    end
  end
end
keep()
return 0
