using System.Collections.Immutable;

namespace AgentGate.Kernel.Decisions;

/// <summary>Why a call did not happen, in the words the caller gets.</summary>
/// <param name="Code">The stable <c>AG####</c> code.</param>
/// <param name="Reason">A sentence that says what to do; never holds content.</param>
/// <param name="Kind">What the caller can do about it.</param>
/// <param name="RetryAfter">When a retry can succeed, or <see langword="null"/> where a retry cannot help.</param>
public sealed record Denial(string Code, string Reason, DenialKind Kind, TimeSpan? RetryAfter = null)
{
    /// <summary>The id of the decision, by which its certificate is found; <see langword="null"/> where none is on record.</summary>
    public string? DecisionId { get; init; }

    /// <summary>The id of the approval a held call waits for; <see langword="null"/> where the call is not held, or nobody is asked.</summary>
    public string? ApprovalId { get; init; }

    /// <summary>The ids of the policies that decided, where policies did. Empty where none permits it.</summary>
    public ImmutableArray<string> Policies { get; init; } = [];
}
