using System.Globalization;
using AgentGate.Limits;
using AgentGate.Pipeline;
using AgentGate.Storage.Cluster.Connections;
using StackExchange.Redis;

namespace AgentGate.Storage.Cluster.Limits;

/// <summary>
/// Decides whether Redis still holds what was counted. Its answer is an epoch's id: the script counts under it alone. An epoch ends when
/// the key is gone (a flush, an empty server), when the id is not the remembered one (another server's data), or when the server runs
/// anew and what it read back need not be complete (no append-only file that every answer waits for, before as well as now, or it was a
/// replica before). A new one notes that counts were lost, unless nothing was ever counted.
/// </summary>
/// <remarks>
/// The script is asked for by its hash, which a server that runs anew does not know (from Redis 7 on; older ones may read it back) and
/// which no other deployment loads: no restart goes unnoticed. It is loaded here, after the epoch was settled. Thread-safe; one settlement at a time.
/// </remarks>
internal sealed class RedisEpoch(
    RedisDatabase redis, ILimitEpochs epochs, LimitStoreHealth health, IIdSource ids) : IDisposable
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

    /// <summary>The setting by which the server may drop counts when its memory is full; <see langword="null"/> where it may not.</summary>
    public async Task<string?> EvictionAsync(CancellationToken cancellationToken)
    {
        var server = await redis.ServerAsync(cancellationToken);
        var told = (await server.InfoAsync("memory").WaitAsync(cancellationToken)).SelectMany(section => section).ToLookup(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        return (told["maxmemory"].FirstOrDefault() ?? "0") != "0" && told["maxmemory_policy"].FirstOrDefault() is { } policy and not "noeviction" ? policy : null;
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
            if (!await epochs.ReplaceAsync(remembered, current.Id, cancellationToken))
            {
                return null;
            }

            health.Accepted();
            return current.Id;
        }

        var goesOn = current.Run == run.Id || current.Run == run.OtherId || (current.Run.EndsWith(Run.Complete, StringComparison.Ordinal) && run.IsComplete);
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
        else if (_id is not null && _id != current.Id)
        {
            // A first epoch after another one: an operator deleted both the epoch and its memory.
            health.Accepted();
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
        var wasReplica = told.GetValueOrDefault("master_replid2", "").AsSpan().Trim('0').Length > 0;
        var isComplete = told.GetValueOrDefault("aof_enabled") == "1" && !wasReplica && await WaitsForDiskAsync(server);
        return new Run(told.GetValueOrDefault("run_id") ?? throw new LimitStoreLostException("Redis does not say which run it is"), isComplete);
    }

    /// <summary>
    /// Whether no answer leaves the server before its append-only file has it. One that is written every second lacks what was answered
    /// last, also when the process alone is killed. A server that does not tell counts as one that does not wait.
    /// </summary>
    private static async Task<bool> WaitsForDiskAsync(IServer server)
    {
        try
        {
            return await IsAsync("appendfsync", "always") && await IsAsync("no-appendfsync-on-rewrite", "no");
        }
        catch (RedisServerException)
        {
            // Refused, or renamed.
            return false;
        }

        // Not ConfigGetAsync: it demands a connection that may administrate everything.
        async Task<bool> IsAsync(string setting, string value)
            => (RedisResult[]?)await server.ExecuteAsync("CONFIG", "GET", setting) is [_, var told] && (string?)told == value;
    }

    /// <param name="Name">As the server calls it.</param>
    /// <param name="IsComplete">Whether a later run will read back all that it answered.</param>
    private sealed record Run(string Name, bool IsComplete)
    {
        /// <summary>Ends the id of a run that is complete.</summary>
        public const string Complete = "+";

        /// <summary>As epochs note it.</summary>
        public string Id => IsComplete ? Name + Complete : Name;

        /// <summary>The same run, seen when it was the other way round.</summary>
        public string OtherId => IsComplete ? Name : Name + Complete;
    }

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
}
