using AgentGate.Kernel.Decisions;

namespace AgentGate.Kernel.Transparency;

/// <summary>The words of the closed sets, as entries, filters and exports spell them. Pure and thread-safe.</summary>
public static class LogEntryWords
{
    /// <summary>The word of a kind.</summary>
    /// <param name="kind">The kind.</param>
    public static string Of(EntryKind kind) => kind switch
    {
        EntryKind.Denied => "denied",
        EntryKind.Held => "held",
        EntryKind.Intent => "intent",
        EntryKind.Outcome => "outcome",
        EntryKind.Approval => "approval",
        EntryKind.Admin => "admin",
        EntryKind.Unauthenticated => "unauthenticated",
        EntryKind.Evaluation => "evaluation",
        EntryKind.Vote => "vote",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    /// <summary>The word of a decision, or <see langword="null"/> for none.</summary>
    /// <param name="decision">The decision.</param>
    public static string? Of(DecisionKind? decision) => decision switch
    {
        null => null,
        DecisionKind.Allow => "allow",
        DecisionKind.Deny => "deny",
        DecisionKind.Hold => "hold",
        _ => throw new ArgumentOutOfRangeException(nameof(decision)),
    };

    /// <summary>The word of an outcome, or <see langword="null"/> for none.</summary>
    /// <param name="outcome">The outcome.</param>
    public static string? Of(OutcomeKind? outcome) => outcome switch
    {
        null => null,
        OutcomeKind.Completed => "completed",
        OutcomeKind.Failed => "failed",
        OutcomeKind.Blocked => "blocked",
        OutcomeKind.Cancelled => "cancelled",
        OutcomeKind.Unknown => "unknown",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };

    /// <summary>Reads the word of a kind; case counts.</summary>
    /// <param name="word">The word.</param>
    /// <param name="kind">The kind.</param>
    public static bool TryParse(string? word, out EntryKind kind) => TryFind(word, Enum.GetValues<EntryKind>(), Of, out kind);

    /// <summary>Reads the word of a decision; case counts.</summary>
    /// <param name="word">The word.</param>
    /// <param name="decision">The decision.</param>
    public static bool TryParse(string? word, out DecisionKind decision)
        => TryFind(word, Enum.GetValues<DecisionKind>(), d => Of((DecisionKind?)d)!, out decision);

    /// <summary>Reads the word of an outcome; case counts.</summary>
    /// <param name="word">The word.</param>
    /// <param name="outcome">The outcome.</param>
    public static bool TryParse(string? word, out OutcomeKind outcome)
        => TryFind(word, Enum.GetValues<OutcomeKind>(), o => Of((OutcomeKind?)o)!, out outcome);

    private static bool TryFind<T>(string? word, T[] values, Func<T, string> of, out T found)
        where T : struct
    {
        foreach (var value in values)
        {
            if (string.Equals(of(value), word, StringComparison.Ordinal))
            {
                found = value;
                return true;
            }
        }

        found = default;
        return false;
    }
}
