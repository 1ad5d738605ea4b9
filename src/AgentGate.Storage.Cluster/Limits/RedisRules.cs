using System.Collections.Frozen;
using System.Globalization;
using AgentGate.Limits;
using AgentGate.Storage.Cluster.Connections;
using StackExchange.Redis;

namespace AgentGate.Storage.Cluster.Limits;

/// <summary>
/// What the servers that share the counts understand by their rules. Each says it again and again, and hears the others; where two differ
/// in a rule, as in a rolling change, the stricter of both counts on either: fewer calls, over the longer window. Thread-safe.
/// </summary>
/// <remarks>A rule that counts apart by other parts has other counts: that is told, and no number is stricter than another there.</remarks>
internal sealed class RedisRules
{
    /// <summary>For how long a server that says nothing more is believed to run; it says it every second.</summary>
    private static readonly TimeSpan s_lease = TimeSpan.FromSeconds(15);

    private readonly RedisKey _key;
    private readonly string _owner;
    private readonly string _own;
    private readonly LimitSet _limits;
    private readonly LimitStoreHealth _health;
    private volatile FrozenDictionary<string, (int Centre, TimeSpan Window)> _stricter = FrozenDictionary<string, (int, TimeSpan)>.Empty;

    /// <param name="redis">The connection, for its prefix.</param>
    /// <param name="limits">This server's rules.</param>
    /// <param name="health">Is told of rules that differ.</param>
    /// <param name="owner">This server.</param>
    public RedisRules(RedisDatabase redis, LimitSet limits, LimitStoreHealth health, string owner)
    {
        (_key, _owner, _limits, _health) = (redis.Prefix + ":{limits}:rules", owner, limits, health);

        // Names hold no separator (LimitsOptionsValidator).
        _own = string.Join('\n', limits.All.Select(limit => string.Create(
            CultureInfo.InvariantCulture, $"{limit.Name}:{limit.Centre}:{limit.Window.Ticks}:{(int)limit.Per}:{limit.Calls}")));
    }

    /// <summary>How many calls the store grants in which window: what the strictest server says.</summary>
    public (int Centre, TimeSpan Window) Of(Limit limit) => _stricter.TryGetValue(limit.Name, out var stricter) ? stricter : (limit.Centre, limit.Window);

    /// <summary>Says what this server understands and hears the others.</summary>
    /// <exception cref="RedisException">Redis does not answer; what was heard last stays.</exception>
    public async Task ExchangeAsync(IDatabase data, CancellationToken cancellationToken)
    {
        var answer = (string?[]?)await data.ScriptEvaluateAsync(LimitScripts.Rules, [_key], [_owner, _own, (long)s_lease.TotalMicroseconds]).WaitAsync(cancellationToken);
        Heard(answer ?? []);
    }

    private void Heard(string?[] others)
    {
        var byName = _limits.All.ToDictionary(limit => limit.Name, StringComparer.Ordinal);
        var stricter = new Dictionary<string, (int Centre, TimeSpan Window)>(StringComparer.Ordinal);
        var differ = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var line in others.SelectMany(other => (other ?? "").Split('\n')))
        {
            if (line.Split(':') is not [var name, var centre, var ticks, var per, var calls]
                || !int.TryParse(centre, CultureInfo.InvariantCulture, out var theirs)
                || !long.TryParse(ticks, CultureInfo.InvariantCulture, out var window)
                || !byName.TryGetValue(name, out var own))
            {
                continue;
            }

            if (theirs == own.Centre && window == own.Window.Ticks && per == Text((int)own.Per) && calls == Text(own.Calls))
            {
                continue;
            }

            differ.Add(name);
            if (per == Text((int)own.Per))
            {
                var (least, longest) = stricter.TryGetValue(name, out var before) ? before : (own.Centre, own.Window);
                stricter[name] = (Math.Min(least, theirs), window > longest.Ticks ? TimeSpan.FromTicks(window) : longest);
            }
        }

        _stricter = stricter.ToFrozenDictionary(StringComparer.Ordinal);
        _health.RulesDiffer([.. differ]);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
