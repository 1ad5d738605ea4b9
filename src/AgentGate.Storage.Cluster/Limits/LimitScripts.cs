namespace AgentGate.Storage.Cluster.Limits;

/// <summary>The scripts that Redis runs. Each is atomic, and tells time by the server's clock.</summary>
internal static class LimitScripts
{
    /// <summary>
    /// One question. KEYS: the epoch, then one hash per count. ARGV: the epoch's id, then for each count its calls, its window and its
    /// slot (microseconds) and what its rule does on a loss (0 denies, 1 shares, 2 allows). A count's hash holds its groups of calls as
    /// <c>last:calls</c> under numbers from <c>h</c> to <c>t</c>, the sum <c>n</c> and where the newest group began <c>b</c>: the ring of
    /// ADR 0014. Answers -1 for another epoch, else 1 or 0 (counted or not) and for each count its flags (1 fits, 2 unknown), the calls
    /// it holds and the microseconds until the oldest leaves. A question about no count looks at the epoch alone.
    /// </summary>
    public const string Acquire =
        """
        local value = redis.call('GET', KEYS[1])
        if not value then return {-1} end
        local id, lost, born = string.match(value, '^([^:]+):(%d):(%d+):')
        if id ~= ARGV[1] then return {-1} end
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local whole = function(number) return string.format('%.0f', number) end
        local all = true
        local counts = {}
        for i = 1, #KEYS - 1 do
            local key = KEYS[i + 1]
            local calls, window, slot, onloss = tonumber(ARGV[i * 4 - 2]), tonumber(ARGV[i * 4 - 1]), tonumber(ARGV[i * 4]), ARGV[i * 4 + 1]
            local held = redis.call('HMGET', key, 'n', 'h', 't', 'b')
            local n, head, tail, began = tonumber(held[1] or 0), tonumber(held[2] or 0), tonumber(held[3] or 0), tonumber(held[4] or 0)
            local oldest = 0
            local first = head
            while head < tail do
                local last, in_group = string.match(redis.call('HGET', key, whole(head)) or '0:0', '^(%d+):(%d+)$')
                oldest = tonumber(last)
                if oldest > now - window then break end
                redis.call('HDEL', key, whole(head))
                n = n - tonumber(in_group)
                head = head + 1
            end
            if head == tail then
                if first < tail then redis.call('DEL', key) end
                n, head, tail, began, oldest = 0, 0, 0, 0, 0
            elseif first < head then
                redis.call('HSET', key, 'n', whole(n), 'h', whole(head))
            end
            local unknown = lost ~= '0' and now - tonumber(born) < window + slot
            local fits = n < calls
            if unknown then fits = onloss == '2' end
            all = all and fits
            counts[i] = {key, n, head, tail, began, oldest, window, slot, fits, unknown, calls}
        end
        local answer = {all and 1 or 0}
        for i = 1, #counts do
            local key, n, head, tail, began, oldest, window, slot, fits, unknown, calls = unpack(counts[i])
            if all then
                if unknown and n >= calls and head < tail then
                    local last, in_group = string.match(redis.call('HGET', key, whole(head)), '^(%d+):(%d+)$')
                    if tonumber(in_group) > 1 then
                        redis.call('HSET', key, whole(head), last .. ':' .. whole(tonumber(in_group) - 1))
                    else
                        redis.call('HDEL', key, whole(head))
                        head = head + 1
                    end
                    n = n - 1
                end
                local at, in_group = now, 0
                if head < tail then
                    local last, newest = string.match(redis.call('HGET', key, whole(tail - 1)), '^(%d+):(%d+)$')
                    at = math.max(now, tonumber(last))
                    if at == tonumber(last) or at - began < slot then in_group = tonumber(newest) end
                else
                    oldest = at
                end
                if in_group == 0 then
                    tail = tail + 1
                    began = at
                end
                n = n + 1
                redis.call('HSET', key, whole(tail - 1), whole(at) .. ':' .. whole(in_group + 1), 'n', whole(n), 'h', whole(head), 't', whole(tail), 'b', whole(began))
                redis.call('PEXPIRE', key, whole(math.ceil((at - now + window) / 1000) + 1000))
                if head == tail - 1 then oldest = at end
            end
            local wait = 0
            if oldest > 0 then wait = math.max(0, oldest + window - now) end
            answer[#answer + 1] = (fits and 1 or 0) + (unknown and 2 or 0)
            answer[#answer + 1] = n
            answer[#answer + 1] = wait
        end
        return answer
        """;

    /// <summary>
    /// Begins an epoch, if the one that is there is the one expected. KEYS: the epoch. ARGV: the value expected (empty: none), the new id,
    /// whether counts were lost (0 or 1), the server's run. Answers the value that is there now and how many microseconds ago it began.
    /// </summary>
    public const string Begin =
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local value = redis.call('GET', KEYS[1]) or ''
        if value == ARGV[1] then
            value = ARGV[2] .. ':' .. ARGV[3] .. ':' .. string.format('%.0f', now) .. ':' .. ARGV[4]
            redis.call('SET', KEYS[1], value)
        end
        local born = string.match(value, '^[^:]+:%d:(%d+):')
        return {value, now - tonumber(born or now)}
        """;

    /// <summary>
    /// What servers understand by their rules. KEYS: a hash of all servers. ARGV: this server, its rules, how long it is believed
    /// (microseconds). Answers the rules of the others that are still believed, and forgets those that are not.
    /// </summary>
    public const string Rules =
        """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        redis.call('HSET', KEYS[1], ARGV[1], string.format('%.0f', now + tonumber(ARGV[3])) .. ' ' .. ARGV[2])
        redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.ceil(tonumber(ARGV[3]) / 1000)))
        local held = redis.call('HGETALL', KEYS[1])
        local others = {}
        for i = 1, #held, 2 do
            if held[i] ~= ARGV[1] then
                local ends, rules = string.match(held[i + 1], '^(%d+) (.*)$')
                if not ends or tonumber(ends) < now then
                    redis.call('HDEL', KEYS[1], held[i])
                else
                    others[#others + 1] = rules
                end
            end
        end
        return others
        """;

    /// <summary>Notes that an epoch goes on in another run of the server. KEYS: the epoch. ARGV: the value expected, the run.</summary>
    public const string GoOn =
        """
        local value = redis.call('GET', KEYS[1]) or ''
        if value == ARGV[1] then
            value = string.match(value, '^([^:]+:%d:%d+:)') .. ARGV[2]
            redis.call('SET', KEYS[1], value)
        end
        return value
        """;
}
