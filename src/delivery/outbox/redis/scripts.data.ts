// The steps of an outbox in Redis: each is one script, which Redis runs whole or not at all. KEYS[1] begins every key
// (its braces keep them in one slot of a cluster). Times are milliseconds since 1970, by the server's clock.
//
//   e:ID  the entry (hash)            c:ID  its content in pieces (hash by number), when it is not small
//   ids   all ids                     s:STATE  the ids of a state, 'sending' while leased
//   due   when each is due, leases included      t:STATE  when those of a state were settled
//   k     ids by key                  m:MESSAGE-ID  ids by Message-ID     loading  content without an entry yet

const common = `
local p = KEYS[1]
local clock = redis.call('TIME')
local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
local function stateOf(e)
  local f = redis.call('HMGET', e, 'leaseWorker', 'state')
  if f[1] then return 'sending' end
  return f[2]
end
local function moved(id, from, to)
  if from ~= to then
    redis.call('ZREM', p .. 's:' .. from, id)
    redis.call('ZADD', p .. 's:' .. to, 0, id)
  end
end
`;

/** id, key given ('1' or ''), key, Message-ID, priority, due, created, record, content given, content. */
const add = `${common}
local id, key = ARGV[1], ARGV[3]
if ARGV[2] == '1' then
  local known = redis.call('HGET', p .. 'k', key)
  if known then return known end
  redis.call('HSET', p .. 'k', key, id)
  redis.call('HSET', p .. 'e:' .. id, 'key', key)
end
redis.call('HSET', p .. 'e:' .. id, 'messageId', ARGV[4], 'priority', ARGV[5], 'dueAt', ARGV[6], 'createdAt', ARGV[7],
  'record', ARGV[8], 'state', 'queued', 'version', 1)
if ARGV[9] == '1' then redis.call('HSET', p .. 'e:' .. id, 'content', ARGV[10]) end
redis.call('ZADD', p .. 'ids', 0, id)
redis.call('ZADD', p .. 's:queued', 0, id)
redis.call('ZADD', p .. 'due', ARGV[6], id)
if ARGV[4] ~= '' then redis.call('SADD', p .. 'm:' .. ARGV[4], id) end
redis.call('ZREM', p .. 'loading', id)
redis.call('PUBLISH', p .. 'news', '')
return ''
`;

/** id, number, piece. */
const piece = `${common}
redis.call('ZADD', p .. 'loading', now, ARGV[1])
redis.call('HSET', p .. 'c:' .. ARGV[1], ARGV[2], ARGV[3])
return 1
`;

/** id: content that gets no entry. */
const forget = `${common}
redis.call('ZREM', p .. 'loading', ARGV[1])
redis.call('UNLINK', p .. 'c:' .. ARGV[1])
return 1
`;

/** worker, lease, takes over, ids. Gives for each: now, version ('' when not claimed), due, priority, record, content… */
const claim = `${common}
local found = {}
for i = 4, #ARGV do
  local id = ARGV[i]
  local e = p .. 'e:' .. id
  local f = redis.call('HMGET', e, 'state', 'dueAt', 'leaseWorker', 'leaseAt', 'leaseUntil', 'mark', 'priority', 'record', 'content')
  if not f[1] then
    found[#found + 1] = { id, tostring(now), '', '' }
  else
    local isFree = not f[3] and f[2] and tonumber(f[2]) <= now
    local isOver = f[3] and ARGV[3] == '1' and tonumber(f[5]) <= now
    if isFree or isOver then
      moved(id, stateOf(e), 'sending')
      local to = now + tonumber(ARGV[2])
      local version = redis.call('HINCRBY', e, 'version', 1)
      redis.call('HSET', e, 'leaseWorker', ARGV[1], 'leaseAt', now, 'leaseUntil', to)
      redis.call('ZADD', p .. 'due', to, id)
      found[#found + 1] = { id, tostring(now), tostring(version), tostring(to), f[7], f[8], f[9], f[3], f[4], f[6], f[2] }
    else
      local due = f[3] and f[5] or f[2] or ''
      found[#found + 1] = { id, tostring(now), '', due, f[7] }
    end
  end
end
return found
`;

/** id, version, note. */
const mark = `${common}
local e = p .. 'e:' .. ARGV[1]
local f = redis.call('HMGET', e, 'version', 'leaseWorker')
if f[1] ~= ARGV[2] or not f[2] then return 0 end
redis.call('HSET', e, 'mark', ARGV[3])
return 1
`;

/** id, version, 'settle' or 'change', state, due or '', settled or '', record given, record. */
const write = `${common}
local id = ARGV[1]
local e = p .. 'e:' .. id
local f = redis.call('HMGET', e, 'version', 'leaseWorker', 'mark', 'state')
if f[1] ~= ARGV[2] then return 0 end
if ARGV[3] == 'settle' and not f[2] then return 0 end
if ARGV[3] == 'change' and f[3] then return 0 end
moved(id, f[2] and 'sending' or f[4], ARGV[4])
redis.call('ZREM', p .. 't:' .. f[4], id)
redis.call('HINCRBY', e, 'version', 1)
redis.call('HDEL', e, 'leaseWorker', 'leaseAt', 'leaseUntil', 'mark')
redis.call('HSET', e, 'state', ARGV[4])
if ARGV[5] == '' then
  redis.call('HDEL', e, 'dueAt')
  redis.call('ZREM', p .. 'due', id)
else
  redis.call('HSET', e, 'dueAt', ARGV[5])
  redis.call('ZADD', p .. 'due', ARGV[5], id)
end
if ARGV[6] == '' then
  redis.call('HDEL', e, 'settledAt')
else
  redis.call('HSET', e, 'settledAt', ARGV[6])
  redis.call('ZADD', p .. 't:' .. ARGV[4], ARGV[6], id)
end
if ARGV[7] == '1' then redis.call('HSET', e, 'record', ARGV[8]) end
if ARGV[5] ~= '' then redis.call('PUBLISH', p .. 'news', '') end
return 1
`;

/** lease, then id and version of each. Gives 1 or 0 for each. */
const renew = `${common}
local kept = {}
for i = 2, #ARGV, 2 do
  local e = p .. 'e:' .. ARGV[i]
  local f = redis.call('HMGET', e, 'version', 'leaseWorker')
  if f[1] == ARGV[i + 1] and f[2] then
    local to = now + tonumber(ARGV[1])
    redis.call('HSET', e, 'leaseUntil', to)
    redis.call('ZADD', p .. 'due', to, ARGV[i])
    kept[#kept + 1] = 1
  else
    kept[#kept + 1] = 0
  end
end
return kept
`;

/** settled before, how many, orphaned before, states. Gives the ids. */
const prune = `${common}
local old = {}
for i = 4, #ARGV do
  local some = redis.call('ZRANGEBYSCORE', p .. 't:' .. ARGV[i], '-inf', '(' .. ARGV[1], 'WITHSCORES', 'LIMIT', 0, ARGV[2])
  for j = 1, #some, 2 do old[#old + 1] = { some[j], tonumber(some[j + 1]), ARGV[i] } end
end
table.sort(old, function(a, b) return a[2] < b[2] end)
local gone = {}
for i = 1, math.min(#old, tonumber(ARGV[2])) do
  local id, state = old[i][1], old[i][3]
  local e = p .. 'e:' .. id
  local f = redis.call('HMGET', e, 'key', 'messageId', 'leaseWorker')
  if not f[3] then
    if f[1] then redis.call('HDEL', p .. 'k', f[1]) end
    if f[2] and f[2] ~= '' then redis.call('SREM', p .. 'm:' .. f[2], id) end
    redis.call('ZREM', p .. 'ids', id)
    redis.call('ZREM', p .. 's:' .. state, id)
    redis.call('ZREM', p .. 't:' .. state, id)
    redis.call('ZREM', p .. 'due', id)
    redis.call('UNLINK', e, p .. 'c:' .. id)
    gone[#gone + 1] = id
  end
end
for _, id in ipairs(redis.call('ZRANGEBYSCORE', p .. 'loading', '-inf', ARGV[3], 'LIMIT', 0, 1000)) do
  redis.call('ZREM', p .. 'loading', id)
  redis.call('UNLINK', p .. 'c:' .. id)
end
return gone
`;

/** What the scripts are called by. */
export type ScriptName =
  | 'posthornAdd'
  | 'posthornPiece'
  | 'posthornForget'
  | 'posthornClaim'
  | 'posthornMark'
  | 'posthornWrite'
  | 'posthornRenew'
  | 'posthornPrune';

/** The scripts by the names that they are called by. */
export const scripts: Readonly<Record<ScriptName, string>> = {
  posthornAdd: add,
  posthornPiece: piece,
  posthornForget: forget,
  posthornClaim: claim,
  posthornMark: mark,
  posthornWrite: write,
  posthornRenew: renew,
  posthornPrune: prune,
};
