using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AgentGate.Limits;
using AgentGate.Pipeline;
using AgentGate.Storage.Cluster.Connections;
using StackExchange.Redis;

namespace AgentGate.Storage.Cluster.Limits;

/// <summary>
/// Counts in Redis: one script, one round trip, the server's clock, all keys in one slot, and each with an expiry. A question that fails
/// makes the store count as lost for a moment in which nobody waits for it; the next question after that tries again.
/// </summary>
/// <remarks>Thread-safe. Exact as the counts in process are (ADR 0014), over all servers that ask.</remarks>
internal sealed class RedisLimitStore : ILimitStore, IDisposable
{
    private const int Asked = 4;

    /// <summary>For so long nobody waits for a store that was just found lost.</summary>
    private static readonly TimeSpan s_rest = TimeSpan.FromMilliseconds(200);

    private readonly string _text;
    private readonly TimeProvider? _testClock;

    private readonly RedisDatabase _redis;
    private readonly RedisEpoch _epoch;
    private readonly RedisRules _rules;
    private readonly LimitSet _limits;
    private readonly LimitStoreHealth _health;
    private readonly TimeSpan _deadline;
    private readonly TimeProvider _time;
    private long _restsUntil = long.MinValue;
    private volatile Script? _script;

    /// <param name="Text">As it is loaded.</param>
    /// <param name="Hash">As it is asked for.</param>
    private sealed record Script(string Text, byte[] Hash);

    /// <param name="redis">The connection.</param>
    /// <param name="epochs">What remembers the epoch.</param>
    /// <param name="limits">The rules.</param>
    /// <param name="health">Is told when counts were forgotten, and whether they can be dropped.</param>
    /// <param name="deadline">How long a question may take.</param>
    /// <param name="time">The clock of this side: for rests alone, never for counts.</param>
    /// <param name="ids">Names epochs.</param>
    /// <param name="testClock">Tests put a clock of their own in the place of the server's.</param>
    public RedisLimitStore(
        RedisDatabase redis, ILimitEpochs epochs, LimitSet limits, LimitStoreHealth health, TimeSpan deadline, TimeProvider time, IIdSource ids,
        TimeProvider? testClock = null)
    {
        (_redis, _limits, _health, _deadline, _time, _testClock) = (redis, limits, health, deadline, time, testClock);
        _text = testClock is null
            ? LimitScripts.Acquire
            : LimitScripts.Acquire.Replace("redis.call('TIME')", "{0, ARGV[#ARGV]}", StringComparison.Ordinal);
        _epoch = new RedisEpoch(redis, epochs, health, ids);
        _rules = new RedisRules(redis, limits, health, ids.NewId());
    }

    public void Dispose() => _epoch.Dispose();

    /// <summary>Connects at the start.</summary>
    /// <exception cref="InvalidOperationException">Redis refuses this server; the message says why. One that is merely not there is no failure.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        await _redis.OpenAsync(cancellationToken);
        try
        {
            await ProbeAsync(cancellationToken);
        }
        catch (LimitStoreLostException lost)
        {
            if (lost.InnerException is RedisUnfitException unfit)
            {
                throw unfit;
            }

            // Each rule declares what happens then.
        }
    }

    /// <summary>Asks about no count: whether the store answers and knows its epoch.</summary>
    /// <exception cref="LimitStoreLostException">It does not.</exception>
    public async ValueTask ProbeAsync(CancellationToken cancellationToken)
    {
        // A settlement takes several round trips; a probe has the time for them.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(5));
        await AskAsync([_epoch.Key], id => Arguments(id, []), patience.Token);
        try
        {
            // Before the first call too: a server that comes with other rules than those that run counts with the stricter from its first call.
            await _rules.ExchangeAsync(await _redis.OpenAsync(patience.Token), patience.Token);

            // Asked anew each time: the setting can change while the server runs.
            _health.Evicts(await _epoch.EvictionAsync(patience.Token));
        }
        catch (Exception lost) when (lost is RedisException or TimeoutException or ObjectDisposedException)
        {
            throw new LimitStoreLostException($"{_redis.Name}: {Why(lost)}", lost);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new LimitStoreLostException($"{_redis.Name}: no answer in time");
        }
    }

    public async ValueTask<bool> TryAcquireAsync(ReadOnlyMemory<LimitClaim> claims, Memory<LimitCount> counts, CancellationToken cancellationToken)
    {
        if (_time.GetTimestamp() < Interlocked.Read(ref _restsUntil))
        {
            throw new LimitStoreLostException("it was lost a moment ago");
        }

        var keys = new RedisKey[claims.Length + 1];
        keys[0] = _epoch.Key;
        for (var i = 0; i < claims.Length; i++)
        {
            keys[i + 1] = KeyOf(claims.Span[i]);
        }

        RedisResult[] answer;
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_deadline);
        try
        {
            answer = await AskAsync(keys, id => Arguments(id, claims.Span), deadline.Token);
        }
        catch (LimitStoreLostException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Interlocked.Exchange(ref _restsUntil, _time.GetTimestamp() + (long)(s_rest.TotalSeconds * _time.TimestampFrequency));
            throw;
        }

        for (var i = 0; i < claims.Length; i++)
        {
            var (flags, calls, wait) = ((int)answer[1 + (i * 3)], (long)answer[2 + (i * 3)], (long)answer[3 + (i * 3)]);
            counts.Span[i] = new LimitCount(
                (int)Math.Max(0, _rules.Of(claims.Span[i].Limit).Centre - calls), TimeSpan.FromMicroseconds(wait), (flags & 1) != 0) { IsUnknown = (flags & 2) != 0 };
        }

        return (int)answer[0] == 1;
    }

    /// <summary>
    /// The name of a count: tenant in the clear where that is short and plain, and a digest of all its parts, so that names of any
    /// length and with any separator stay apart and short.
    /// </summary>
    internal RedisKey KeyOf(in LimitClaim claim)
    {
        var rule = _limits.All[claim.Limit.Index].Name;
        var tenant = claim.Key.Tenant switch
        {
            null => "*",
            { Length: <= 64 } plain when plain.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') => plain,
            var other => "#" + Digest(other),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{_redis.Prefix}:{{limits}}:{rule}:{tenant}:{Digest(claim.Key.ToText())}");
    }

    private RedisValue[] Arguments(string epoch, ReadOnlySpan<LimitClaim> claims)
    {
        var arguments = new RedisValue[1 + (claims.Length * Asked) + (_testClock is null ? 0 : 1)];
        arguments[0] = epoch;
        for (var i = 0; i < claims.Length; i++)
        {
            var limit = claims[i].Limit;
            var (centre, length) = _rules.Of(limit);
            var window = (long)length.TotalMicroseconds;
            arguments[1 + (i * Asked)] = centre;
            arguments[2 + (i * Asked)] = window;
            arguments[3 + (i * Asked)] = limit.Calls <= SlidingWindow.Slots + 1 ? 0 : (window + SlidingWindow.Slots - 1) / SlidingWindow.Slots;
            arguments[4 + (i * Asked)] = limit.OnStoreLoss switch { StoreLoss.LocalShare => 1, StoreLoss.Allow => 2, _ => 0 };
        }

        if (_testClock is { } clock)
        {
            arguments[^1] = clock.GetUtcNow().UtcTicks / TimeSpan.TicksPerMicrosecond;
        }

        return arguments;
    }

    /// <summary>
    /// The script with the name of the deployment at its head. Redis keeps one cache of scripts for all that share it: under one name,
    /// the first deployment that loads it after a restart would hide the restart from the others.
    /// </summary>
    private Script ScriptIn(IDatabase data)
    {
        if (_script is { } bound)
        {
            return bound;
        }

        var text = string.Create(CultureInfo.InvariantCulture, $"-- {_redis.Prefix}:{data.Database}\n{_text}");
        return _script = new Script(text, Convert.FromHexString(Sha1Of(text)));
    }

    private delegate RedisValue[] Build(string epoch);

    private async Task<RedisResult[]> AskAsync(RedisKey[] keys, Build arguments, CancellationToken cancellationToken)
    {
        try
        {
            var data = await _redis.OpenAsync(cancellationToken);
            var script = ScriptIn(data);
            for (var tries = 0; tries < 3; tries++)
            {
                var generation = _epoch.Generation;
                try
                {
                    var answer = (RedisResult[]?)await data.ScriptEvaluateAsync(script.Hash, keys, arguments(_epoch.Id)).WaitAsync(cancellationToken);
                    if (answer is { Length: > 0 } && (int)answer[0] >= 0)
                    {
                        return answer;
                    }
                }
                catch (RedisServerException unknown) when (unknown.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
                {
                    // The server runs anew, or was never asked.
                }

                // Goes on when this caller has given up: the next ones need it as well.
                await _epoch.SettleAsync(generation, script.Text, CancellationToken.None).WaitAsync(cancellationToken);
            }

            throw new LimitStoreLostException("the epoch of the counts changes all the time");
        }
        catch (Exception lost) when (lost is RedisException or TimeoutException or InvalidOperationException or LimitEpochsLostException or ObjectDisposedException)
        {
            throw new LimitStoreLostException($"{_redis.Name}: {Why(lost)}", lost);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new LimitStoreLostException($"{_redis.Name}: no answer in time");
        }
    }

    /// <summary>One word of Redis, or the kind of failure; never a whole message, which names keys.</summary>
    private static string Why(Exception lost) => lost switch
    {
        RedisServerException said => said.Message.Split(' ', 2)[0],
        RedisConnectionException connection => connection.FailureType.ToString(),
        InvalidOperationException refused => refused.Message,
        _ => lost.GetType().Name,
    };

    private static string Digest(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));

    /// <summary>Redis names a script by its SHA-1 (EVALSHA); nothing rests on its strength.</summary>
#pragma warning disable CA5350
    private static string Sha1Of(string script) => Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(script)));
#pragma warning restore CA5350
}
