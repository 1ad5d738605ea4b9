using System.Collections.Immutable;

namespace AgentGate.Cli.Policies.Cases;

/// <summary>Adds up what the cases of a corpus show. Keeps the first differences of each kind, whatever the order of arrival. Thread-safe.</summary>
/// <param name="known">Differences somebody has looked into, as <c>kind id</c> or <c>kind reason</c>.</param>
/// <param name="shown">How many differences of each kind are kept.</param>
internal sealed class CorpusTotals(ImmutableHashSet<string> known, int shown)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<DisagreementKind, SortedList<long, (string Id, Disagreement Disagreement)>> _first = [];
    private readonly Dictionary<DisagreementKind, int> _counts = [];
    private readonly HashSet<string> _met = new(StringComparer.Ordinal);

    public long Tests { get; private set; }

    public long Requests { get; private set; }

    /// <summary>Requests whose decision, reasons and errors are the ones on file.</summary>
    public long Agreements { get; private set; }

    /// <summary>Differences that are listed as known.</summary>
    public int Known { get; private set; }

    /// <summary>Differences that are not.</summary>
    public int New { get; private set; }

    /// <summary>Known differences that did not occur: the list is out of date.</summary>
    public IEnumerable<string> Gone => known.Except(_met).Order(StringComparer.Ordinal);

    public int Count(DisagreementKind kind) => _counts.GetValueOrDefault(kind);

    /// <summary>The first differences of a kind, in the order of the file.</summary>
    public IEnumerable<(string Id, Disagreement Disagreement)> First(DisagreementKind kind) => _first.TryGetValue(kind, out var list) ? list.Values : [];

    /// <summary>Adds the outcome of one case.</summary>
    public void Add(long line, string id, int requests, ImmutableArray<Disagreement> found)
    {
        lock (_lock)
        {
            Tests++;
            Requests += requests;
            var stopped = found.FirstOrDefault(one => one.Stops);
            var answered = stopped is null ? requests : stopped.Request ?? 0;
            Agreements += Enumerable.Range(0, answered).Count(request => !found.Any(one => one.Request == request));
            foreach (var group in found.GroupBy(one => one.Kind))
            {
                string[] keys = [.. group.Where(one => one.Reason is not null).Select(one => $"{Name(group.Key)} {one.Reason}"), $"{Name(group.Key)} {id}"];
                var isKnown = keys.Any(known.Contains);
                _met.UnionWith(keys);
                _counts[group.Key] = Count(group.Key) + group.Count();
                Known += isKnown ? group.Count() : 0;
                New += isKnown ? 0 : group.Count();
                Keep(line, id, group.First());
            }
        }
    }

    /// <summary>The name of a kind in reports and lists.</summary>
    public static string Name(DisagreementKind kind) => kind switch
    {
        DisagreementKind.Decision => "decision",
        DisagreementKind.Reasons => "reasons",
        DisagreementKind.Errors => "errors",
        DisagreementKind.Validation => "validation",
        DisagreementKind.Request => "request",
        DisagreementKind.Parse => "parse",
        _ => "crash",
    };

    private void Keep(long line, string id, Disagreement disagreement)
    {
        if (!_first.TryGetValue(disagreement.Kind, out var list))
        {
            _first.Add(disagreement.Kind, list = []);
        }

        list[line] = (id, disagreement);
        if (list.Count > shown)
        {
            list.RemoveAt(shown);
        }
    }
}
