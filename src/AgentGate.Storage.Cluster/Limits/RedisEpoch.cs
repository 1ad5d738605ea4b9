using System.Globalization;
using AgentGate.Diagnostics;
using AgentGate.Limits;
using AgentGate.Pipeline;
using AgentGate.Storage.Cluster.Connections;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace AgentGate.Storage.Cluster.Limits;

/// <summary>
/// Decides whether Redis still holds what was counted. Its answer is an epoch's id: the script counts under it alone. An epoch ends when
/// the key is gone (a flush, an empty server), when the id is not the remembered one (another server's data), or when the server runs
/// anew and what it read back need not be complete (no append-only file, or it was a replica before). A new one notes that
/// counts were lost, unless nothing was ever counted.
/// </summary>
/// <remarks>
/// The script is asked for by its hash, which a server that runs anew does not know (from Redis 7 on; older ones may read it back) and
/// which no other deployment loads: no restart goes unnoticed. It is loaded here, after the epoch was settled. Thread-safe; one settlement at a time.
/// </remarks>
internal sealed partial class RedisEpoch(
    RedisDatabase redis, ILimitEpochs epochs, LimitStoreHealth health, IIdSource ids, ILogger<RedisLimitStore> logger) : IDisposable
{
    private const int TriesMax = 8;

    /// <summary>In front of the remembered id of an epoch in which nothing was counted yet.</summary>
    private const string Fresh = "fresh.";

    private readonly SemaphoreSlim _settling = new(1, 1);
    private readonly RedisKey _key = redis.Prefix + ":{limits}:epoch";
    private volatile string? _id;
    private int _generation;

    /// <summary>The key of the epoch.</summary>
    public RedisKey Key => _key;

    /// <summary>The id to count under; empty before the first settlement.</summary>
    public string Id => _id ?? "";

    /// <summary>How often it was settled: who was refused under an older generation asks again and settles nothing.</summary>
    public int Generation => Volatile.Read(ref _generation);

    public void Dispose() => _settling.Dispose();

    /// <summary>Settles the epoch and loads the script.</summary>
    /// <param name="generation">The generation under which the script was not there or knew another epoch.</param>
    /// <param name="script">The script.</param>
    /// <param name="cancellationToken">Cancelled when nobody waits any more.</param>
    /// <exception cref="LimitStoreLostException">It cannot be settled now.</exception>
    /// <exception cref="RedisUnfitException">The server is too old to be believed.</exception>
    public async Task SettleAsync(int generation, string script, CancellationToken cancellationToken)
    {
        await _settling.WaitAsync(cancellationToken);
        try
        {
            if (generation != Generation)
            {
                return;
            }

            var server = await redis.ServerAsync(cancellationToken);
            var data = await redis.OpenAsync(cancellationToken);
            var run = await RunAsync(server);
            for (var tries = 0; tries < TriesMax; tries++)
            {
                if (await TrySettleAsync(data, run, cancellationToken) is { } id)
                {
                    await server.ScriptLoadAsync(script);
                    _id = id;
                    Interlocked.Increment(ref _generation);
                    return;
                }
            }

            throw new LimitStoreLostException("the epoch of the counts changes all the time");
        }
        finally
        {
            _settling.Release();
        }
    }

    private async Task<string?> TrySettleAsync(IDatabase data, Run run, CancellationToken cancellationToken)
    {
        var value = (string?)await data.StringGetAsync(_key) ?? "";
        var current = Epoch.Read(value);
        var (remembered, isRemembering) = await RememberedAsync(cancellationToken);
        if (current is null)
        {
            return isRemembering && (remembered is null || remembered.StartsWith(Fresh, StringComparison.Ordinal))
                ? await BeginFirstAsync(data, value, remembered, run, cancellationToken)
                : await BeginLostAsync(data, value, remembered, isRemembering, run, cancellationToken);
        }

        if (remembered == Fresh + current.Id)
        {
            // From here on the counts are worth missing. Only what was confirmed is counted under.
            return await epochs.ReplaceAsync(remembered, current.Id, cancellationToken) ? current.Id : null;
        }

        var goesOn = current.Run == run.Id || run.IsComplete;
        var isKnown = isRemembering ? remembered == current.Id || remembered is null || current.Flag == Epoch.BegunAlone : _id is null || _id == current.Id || current.Flag != Epoch.Known;
        if (!goesOn || !isKnown)
        {
            return await BeginLostAsync(data, value, remembered, isRemembering, run, cancellationToken);
        }

        if (isRemembering && remembered != current.Id && !await epochs.ReplaceAsync(remembered, current.Id, cancellationToken))
        {
            return null;
        }

        if (current.Run != run.Id && (string?)await data.ScriptEvaluateAsync(LimitScripts.GoOn, [_key], [value, run.Id]) is { } now && Epoch.Read(now)?.Id != current.Id)
        {
            return null;
        }

        if (_id is not null && _id != current.Id && current.Flag != Epoch.Known)
        {
            // Another server began it; this one tells too.
            await TellAsync(data, current.Id);
        }

        return current.Id;
    }

    /// <summary>
    /// The first epoch of a deployment: remembered as fresh, begun by whoever comes first, confirmed when it is there. Servers that
    /// start together find one another's and lose nothing.
    /// </summary>
    private async Task<string?> BeginFirstAsync(IDatabase data, string value, string? remembered, Run run, CancellationToken cancellationToken)
    {
        if (remembered is null)
        {
            await epochs.ReplaceAsync(null, Fresh + NewId(), cancellationToken);
        }
        else
        {
            await data.ScriptEvaluateAsync(LimitScripts.Begin, [_key], [value, remembered[Fresh.Length..], Epoch.Known, run.Id]);
        }

        return null;
    }

    private async Task<string?> BeginLostAsync(
        IDatabase data, string value, string? remembered, bool isRemembering, Run run, CancellationToken cancellationToken)
    {
        var id = NewId();

        // First remembered and then begun: a server that ends in between leaves an epoch that is lost again, and none that is believed.
        if (isRemembering && !await epochs.ReplaceAsync(remembered, id, cancellationToken))
        {
            return null;
        }

        var answer = (RedisResult[]?)await data.ScriptEvaluateAsync(LimitScripts.Begin, [_key], [value, id, isRemembering ? Epoch.Lost : Epoch.BegunAlone, run.Id]);
        if (answer is null || Epoch.Read((string?)answer[0])?.Id != id)
        {
            return null;
        }

        health.Forgot(TimeSpan.FromMicroseconds((long)answer[1]));
        return id;
    }

    private string NewId() => ids.NewId().Replace(":", "", StringComparison.Ordinal);

    private async Task TellAsync(IDatabase data, string id)
    {
        // The value expected is no epoch's: nothing begins, and the answer says how long ago the current one did.
        var answer = (RedisResult[]?)await data.ScriptEvaluateAsync(LimitScripts.Begin, [_key], ["?", id, Epoch.Known, "?"]);
        health.Forgot(TimeSpan.FromMicroseconds(answer is null ? 0 : (long)answer[1]));
    }

    private async ValueTask<(string? Id, bool IsRemembering)> RememberedAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await epochs.ReadAsync(cancellationToken), true);
        }
        catch (LimitEpochsLostException)
        {
            return (_id, false);
        }
    }

    /// <summary>What the server says of itself: its run, and whether what it holds is all it ever held.</summary>
    private async Task<Run> RunAsync(IServer server)
    {
        var told = (await server.InfoAsync()).SelectMany(section => section)
            .GroupBy(pair => pair.Key, StringComparer.Ordinal).ToDictionary(pairs => pairs.Key, pairs => pairs.First().Value, StringComparer.Ordinal);
        RedisUnfitException.ThrowIfTooOld(redis.Name, told.GetValueOrDefault("redis_version"));
        if (told.GetValueOrDefault("maxmemory", "0") != "0" && told.GetValueOrDefault("maxmemory_policy") is { } policy and not "noeviction")
        {
            Log.Evicts(logger, Codes.RedisEvicts, policy);
        }

        var wasReplica = told.GetValueOrDefault("master_replid2", "").AsSpan().Trim('0').Length > 0;
        return new Run(told.GetValueOrDefault("run_id") ?? throw new LimitStoreLostException("Redis does not say which run it is"), told.GetValueOrDefault("aof_enabled") == "1" && !wasReplica);
    }

    private sealed record Run(string Id, bool IsComplete);

    /// <summary>The value of the epoch's key: <c>id:flag:born:run</c>.</summary>
    private sealed record Epoch(string Id, string Flag, string Run)
    {
        public const string Known = "0";
        public const string Lost = "1";

        /// <summary>Counts were lost, and the memory of epochs was lost at the same time.</summary>
        public const string BegunAlone = "2";

        public static Epoch? Read(string? value)
            => value?.Split(':') is [{ Length: > 0 } id, Known or Lost or BegunAlone, var born, var run] && long.TryParse(born, NumberStyles.None, CultureInfo.InvariantCulture, out _)
                ? new Epoch(id, value.Split(':')[1], run)
                : null;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 2107, Level = LogLevel.Warning, Message = "{Code}: Redis may drop counts when its memory is full (maxmemory-policy {Policy}); set it to noeviction.")]
        public static partial void Evicts(ILogger logger, string code, string policy);
    }
}
