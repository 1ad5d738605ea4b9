using System.Collections.Immutable;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Validation;

/// <summary>What was found in one policy, each thing once however many environments show it. Not thread-safe.</summary>
/// <param name="policy">The policy.</param>
internal sealed class FindingList(Policy policy)
{
    /// <summary>How many different findings a policy keeps: more help nobody, and a hostile schema could make millions.</summary>
    private const int CountMax = 200;

    private readonly Dictionary<(ValidationFindingKind Kind, SourceSpan Span, string Message), Entry> _entries = [];
    private readonly List<Entry> _inOrder = [];

    /// <summary>Whether something was found.</summary>
    public bool HasErrors => _inOrder.Count > 0;

    /// <summary>Where the typechecker is, in words; <see langword="null"/> outside environments.</summary>
    public Func<string>? Place { get; set; }

    public void Report(ValidationFindingKind kind, SourceSpan span, string message, string? help)
    {
        if (_entries.TryGetValue((kind, span, message), out var entry))
        {
            entry.Environments++;
        }
        else if (_inOrder.Count < CountMax)
        {
            entry = new Entry(kind, span, message, help) { Place = Place?.Invoke(), Environments = 1 };
            _entries.Add((kind, span, message), entry);
            _inOrder.Add(entry);
        }
    }

    /// <summary>The findings in the order of the text.</summary>
    /// <param name="environments">In how many environments the policy was looked at: what holds in some only says in which.</param>
    public ImmutableArray<ValidationFinding> ToFindings(int environments)
        => [.. _inOrder.OrderBy(static entry => entry.Span.Start).Select(entry => new ValidationFinding(entry.Kind, ToDiagnostic(entry, environments)))];

    private CedarDiagnostic ToDiagnostic(Entry entry, int environments)
    {
        var place = entry.Place is not null && entry.Environments < environments ? $"it is so when {entry.Place}" : null;
        var help = entry.Help is null ? place : place is null ? entry.Help : $"{entry.Help}; {place}";
        return CedarDiagnostic.At(policy.Source ?? "", policy.Source is null ? SourceSpan.None : entry.Span, entry.Message, help) with { PolicyId = policy.Id };
    }

    private sealed record Entry(ValidationFindingKind Kind, SourceSpan Span, string Message, string? Help)
    {
        public string? Place { get; init; }

        public int Environments { get; set; }
    }
}
