using System.Collections.Immutable;
using System.Globalization;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging;

namespace AgentGate.Limits;

/// <summary>
/// Whether the store of the counts answers and knows them. Told by whoever asks it; says each change once, in the log, in metrics and
/// on the health page. Thread-safe.
/// </summary>
/// <remarks>
/// Anybody may read the health page: it says how many rules do what, never which. Who knew the rule that goes uncounted would use it.
/// Their names stand in the log and in metrics.
/// </remarks>
internal sealed partial class LimitStoreHealth : IHealthRemark
{
    private static readonly TimeSpan s_longLoss = TimeSpan.FromHours(1);

    private readonly LimitSet _limits;
    private readonly TimeProvider _time;
    private readonly LimitMetrics _metrics;
    private readonly ILogger _logger;
    private readonly string _behaviours;
    private int _lost;
    private long _forgotten = long.MinValue;
    private volatile string? _eviction;
    private volatile bool _hasOtherShares;
    private volatile string _differing = string.Empty;
    private volatile int _differingCount;

    public LimitStoreHealth(LimitSet limits, TimeProvider time, LimitMetrics metrics, ILogger<LimitStoreHealth> logger)
    {
        (_limits, _time, _metrics, _logger) = (limits, time, metrics, logger);
        _behaviours = string.Join(", ", limits.All.Select(limit => $"{limit.Name}: {limit.OnStoreLoss}"));
        metrics.ObserveStore(() => Volatile.Read(ref _lost), () => Unknown().Length, () => _eviction is null ? 0 : 1);
    }

    /// <summary>Whether the last question found the store lost.</summary>
    public bool IsLost => Volatile.Read(ref _lost) == 1;

    public string? Remark => string.Join(" ", Remarks()) is { Length: > 0 } remark ? remark : null;

    private IEnumerable<string> Remarks()
    {
        if (IsLost)
        {
            yield return $"{Codes.LimitStoreLost}: the store that counts calls is lost; each limit does what it declares: {Counts(_limits.All)}.";
        }
        else if (Unknown() is { Length: > 0 } unknown)
        {
            yield return $"{Codes.LimitCountsForgotten}: the store that counts calls had lost its counts; until their windows are observed, limits do what they declare for a loss: {Counts(unknown)}.";
        }

        if (_eviction is { } policy)
        {
            yield return $"{Codes.RedisEvicts}: Redis may drop counts when its memory is full (maxmemory-policy {policy}), and calls pass the limits then; set it to noeviction.";
        }

        if (_hasOtherShares)
        {
            yield return $"{Codes.LimitSharesDiffer}: other servers have other limits with shares, or another number of servers; this one has no share.";
        }

        if (_differingCount is > 0 and var differing)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{Codes.LimitRulesDiffer}: other servers define limits otherwise ({differing}); the stricter counts.");
        }
    }

    /// <summary>Which rules a server that runs has otherwise than this one. Told again and again; each change is said once.</summary>
    public void RulesDiffer(ImmutableArray<string> names)
    {
        var differing = string.Join(", ", names);
        if (differing != _differing)
        {
            if (names.IsEmpty)
            {
                Log.RulesAgree(_logger, Codes.LimitRulesDiffer);
            }
            else
            {
                Log.RulesDiffer(_logger, Codes.LimitRulesDiffer, differing);
            }
        }

        (_differing, _differingCount) = (differing, names.Length);
    }

    /// <summary>The store did not answer.</summary>
    public void Lost(Exception cause)
    {
        if (Interlocked.Exchange(ref _lost, 1) == 0)
        {
            _metrics.Transition("lost");
            Log.Lost(_logger, Codes.LimitStoreLost, cause is LimitStoreLostException ? cause.Message : cause.GetType().Name, _behaviours);
        }
    }

    /// <summary>The store answered.</summary>
    public void Answered()
    {
        if (Volatile.Read(ref _lost) == 1 && Interlocked.Exchange(ref _lost, 0) == 1)
        {
            _metrics.Transition("recovered");
            Log.Recovered(_logger, Codes.LimitStoreRecovered);
        }
    }

    /// <summary>The store answers and has lost what it counted.</summary>
    /// <param name="since">How long ago it began anew.</param>
    public void Forgot(TimeSpan since)
    {
        var now = _time.GetTimestamp();
        Interlocked.Exchange(ref _forgotten, now - (long)(since.TotalSeconds * _time.TimestampFrequency));
        if (Unknown() is { Length: > 0 } unknown)
        {
            _metrics.Transition("forgotten");
            Log.Forgotten(_logger, Codes.LimitCountsForgotten, string.Join(", ", unknown.Select(limit => string.Create(CultureInfo.InvariantCulture, $"{limit.Name} ({limit.OnStoreLoss}, {limit.Window.TotalSeconds} s)"))));
        }
    }

    /// <summary>An operator accepted the loss: what is held now counts as whole.</summary>
    public void Accepted() => Interlocked.Exchange(ref _forgotten, long.MinValue);

    /// <summary>
    /// At the start of a server that shares a store: names the rules that would refuse for longer than an hour if the store lost its
    /// counts, since their windows have to be observed whole.
    /// </summary>
    public void WarnOfLongLosses()
    {
        foreach (var limit in _limits.All.Where(limit => limit.OnStoreLoss == StoreLoss.Deny && limit.Window > s_longLoss))
        {
            Log.LongLoss(_logger, Codes.LimitLossLong, limit.Name, limit.Window);
        }
    }

    /// <summary>By which setting the store may drop counts, or <see langword="null"/> where it may not. Asked again and again.</summary>
    public void Evicts(string? policy)
    {
        if (_eviction != policy && policy is not null)
        {
            Log.Evicts(_logger, Codes.RedisEvicts, policy);
        }

        _eviction = policy;
    }

    /// <summary>Whether this server's shares are others than those of servers that run, so that it has none.</summary>
    public void SharesDiffer(bool differ)
    {
        if (differ && !_hasOtherShares)
        {
            Log.SharesDiffer(_logger, Codes.LimitSharesDiffer);
        }

        _hasOtherShares = differ;
    }

    /// <summary>How many rules do what on a loss.</summary>
    private static string Counts(ImmutableArray<Limit> limits) => string.Join(
        ", ",
        limits.CountBy(limit => limit.OnStoreLoss).OrderBy(count => count.Key).Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Value} {Word(count.Key)}")));

    private static string Word(StoreLoss behaviour) => behaviour switch { StoreLoss.Deny => "deny", StoreLoss.LocalShare => "share", _ => "allow" };

    private ImmutableArray<Limit> Unknown()
        => Interlocked.Read(ref _forgotten) is var at and not long.MinValue
            ? [.. _limits.All.Where(limit => _time.GetElapsedTime(at) < limit.Window + (limit.Window / SlidingWindow.Slots))]
            : [];

    private static partial class Log
    {
        [LoggerMessage(EventId = 2111, Level = LogLevel.Error, Message = "{Code}: servers that run have other definitions of these limits than this one, and the stricter counts: {Limits}. Give all servers the same rules.")]
        public static partial void RulesDiffer(ILogger logger, string code, string limits);

        [LoggerMessage(EventId = 2112, Level = LogLevel.Information, Message = "{Code}: all servers that run have the same definitions of the limits again.")]
        public static partial void RulesAgree(ILogger logger, string code);

        [LoggerMessage(EventId = 2102, Level = LogLevel.Error, Message = "{Code}: the store of the counts is lost ({Cause}); each limit does what it declares: {Behaviours}.")]
        public static partial void Lost(ILogger logger, string code, string cause, string behaviours);

        [LoggerMessage(EventId = 2104, Level = LogLevel.Information, Message = "{Code}: the store of the counts answers again.")]
        public static partial void Recovered(ILogger logger, string code);

        [LoggerMessage(EventId = 2105, Level = LogLevel.Warning, Message = "{Code}: the store of the counts lost what it held. Until a whole window is observed, these limits do what they declare for a loss: {Limits}.")]
        public static partial void Forgotten(ILogger logger, string code, string limits);

        [LoggerMessage(EventId = 2107, Level = LogLevel.Warning, Message = "{Code}: Redis may drop counts when its memory is full (maxmemory-policy {Policy}), and calls pass the limits then; set it to noeviction.")]
        public static partial void Evicts(ILogger logger, string code, string policy);

        [LoggerMessage(EventId = 2110, Level = LogLevel.Warning, Message = "{Code}: the limit {Rule} denies on a loss of the store, and would refuse all its calls for {Window} after Redis lost its counts. Choose LocalShare or Allow, or know how to accept a loss (docs/limits.md).")]
        public static partial void LongLoss(ILogger logger, string code, string rule, TimeSpan window);

        [LoggerMessage(EventId = 2109, Level = LogLevel.Error, Message = "{Code}: servers that run have other limits with OnStoreLoss LocalShare than this one, or another AgentGate:Limits:Servers; this one has no share until they have ended. Set both alike on all servers, and change them with the servers stopped.")]
        public static partial void SharesDiffer(ILogger logger, string code);
    }
}
