using System.Security.Cryptography;
using System.Text;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;

namespace AgentGate.Audit;

/// <summary>
/// Counts callers without a valid key and puts one entry per source and minute into the <c>system</c> log, so that a flood
/// of bad keys costs a flood of additions and not of durable writes. Thread-safe.
/// </summary>
internal sealed class UnauthenticatedCounter(IDecisionRecorder recorder, ILogKeySource keys, TimeProvider time, IIdSource ids)
{
    /// <summary>The tenant of entries that belong to no tenant.</summary>
    public const string SystemTenant = "system";

    /// <summary>The most sources told apart within the entries of one flush; the rest is counted together.</summary>
    public const int MaxSources = 1024;

    private const string OtherSources = "source_other";

    private readonly Lock _lock = new();
    private Dictionary<(DateTimeOffset Minute, string Source), int> _counts = [];

    /// <summary>Counts one caller.</summary>
    /// <param name="source">Where it came from, for example its address. Kept only as a keyed pseudonym.</param>
    public void Count(string source)
    {
        var now = time.GetUtcNow();
        var minute = now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMinute));
        var pseudonym = Pseudonym(source);
        lock (_lock)
        {
            var key = (minute, pseudonym);
            if (_counts.Count >= MaxSources && !_counts.ContainsKey(key))
            {
                key = (minute, OtherSources);
            }

            _counts[key] = _counts.GetValueOrDefault(key) + 1;
        }
    }

    /// <summary>Appends what was counted in minutes that are over, or everything at shutdown. What cannot be appended is kept.</summary>
    public async Task FlushAsync(bool all, CancellationToken cancellationToken)
    {
        var waiting = new Queue<KeyValuePair<(DateTimeOffset Minute, string Source), int>>(Take(all));
        try
        {
            while (waiting.TryPeek(out var next))
            {
                await recorder.AppendAsync(new DecisionRecord(Entry(next.Key.Minute, next.Key.Source, next.Value)), cancellationToken);
                waiting.Dequeue();
            }
        }
        finally
        {
            lock (_lock)
            {
                foreach (var (key, count) in waiting)
                {
                    _counts[key] = _counts.GetValueOrDefault(key) + count;
                }
            }
        }
    }

    private List<KeyValuePair<(DateTimeOffset Minute, string Source), int>> Take(bool all)
    {
        var current = time.GetUtcNow().AddMinutes(-1);
        lock (_lock)
        {
            var taken = _counts.Where(c => all || c.Key.Minute <= current).OrderBy(c => c.Key.Minute).ToList();
            _counts = _counts.Except(taken).ToDictionary();
            return taken;
        }
    }

    private LogEntryBody Entry(DateTimeOffset minute, string source, int count) => new()
    {
        Id = ids.NewId(),
        Kind = EntryKind.Unauthenticated,
        At = minute,
        Tenant = SystemTenant,
        Principal = source,
        Code = Codes.KeyInvalid,
        Count = count,
        Detail = "callers without a valid key in the minute from this time on",
    };

    private string Pseudonym(string source)
        => "source_" + Convert.ToHexStringLower(HMACSHA256.HashData(
            keys.Current.Secret.Span, Encoding.UTF8.GetBytes("agentgate unauthenticated source v1\n" + source)).AsSpan(0, 12));
}
