using System.Collections.Immutable;

namespace AgentGate.Kernel.Decisions;

/// <summary>A guard's answer. A closed set: allow, transform, hold, deny. A guard never acts.</summary>
public abstract record Verdict
{
    private Verdict()
    {
    }

    /// <summary>What the guard noticed, whatever it answered.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>An allow without findings.</summary>
    public static Verdict Allowed { get; } = new Allow();

    /// <summary>The call may go on as it is.</summary>
    public sealed record Allow : Verdict;

    /// <summary>The call may go on with changed content.</summary>
    /// <param name="Changes">The changes, applied by the gate before the next guard.</param>
    public sealed record Transform(ImmutableArray<ContentChange> Changes) : Verdict;

    /// <summary>The call waits for a person. Ends the chain.</summary>
    /// <param name="Code">The stable <c>AG####</c> code.</param>
    /// <param name="Reason">A sentence for the caller; never holds content.</param>
    public sealed record Hold(string Code, string Reason) : Verdict;

    /// <summary>The call must not happen. Ends the chain.</summary>
    /// <param name="Code">The stable <c>AG####</c> code.</param>
    /// <param name="Reason">A sentence for the caller; never holds content.</param>
    /// <param name="Kind">What the caller can do about it.</param>
    public sealed record Deny(string Code, string Reason, DenialKind Kind) : Verdict
    {
        /// <summary>When a retry can succeed, or <see langword="null"/> where a retry cannot help.</summary>
        public TimeSpan? RetryAfter { get; init; }

        /// <summary>The ids of the policies that decided, where policies did.</summary>
        public ImmutableArray<string> Policies { get; init; } = [];
    }
}
