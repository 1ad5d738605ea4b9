using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Pii.Restoring;

/// <summary>Counts what was restored and what was kept, per type. Not thread-safe.</summary>
internal sealed class RestoreTally
{
    private readonly SortedDictionary<(string Type, string Note), int> _counts = [];

    /// <summary>The note of a value that came back.</summary>
    public const string RestoredNote = "restored";

    /// <summary>The note of a token that stayed because it stands in an address.</summary>
    public const string KeptNote = "token kept in url";

    /// <summary>Whether nothing was counted.</summary>
    public bool IsEmpty => _counts.Count == 0;

    /// <summary>A value came back.</summary>
    public void Restored(string type) => Count(type, RestoredNote);

    /// <summary>A token stayed.</summary>
    public void Kept(string type) => Count(type, KeptNote);

    /// <summary>The findings so far.</summary>
    public ImmutableArray<Finding> ToFindings(string? address)
        => [.. _counts.Select(pair => new Finding(pair.Key.Type, address, pair.Value, pair.Key.Note))];

    private void Count(string type, string note)
        => _counts[(type, note)] = _counts.GetValueOrDefault((type, note)) + 1;
}
