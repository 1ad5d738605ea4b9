using System.Collections.Immutable;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Policies.Versions;

/// <summary>The answer to somebody who administers policies: it is done, or it is refused and why. A closed set.</summary>
/// <typeparam name="T">What there is to show when it is done.</typeparam>
internal abstract record PolicyReply<T>
{
    private PolicyReply()
    {
    }

    /// <param name="Value">What there is to show.</param>
    public sealed record Done(T Value) : PolicyReply<T>;

    /// <param name="Refusal">Why not.</param>
    public sealed record Refused(PolicyRefusal Refusal) : PolicyReply<T>;

    public static implicit operator PolicyReply<T>(PolicyRefusal refusal) => new Refused(refusal);
}

/// <summary>Why something was not done.</summary>
/// <param name="Code">The stable <c>AG####</c> code.</param>
/// <param name="Kind">What kind of refusal it is.</param>
/// <param name="Reason">A sentence that says what to do.</param>
internal sealed record PolicyRefusal(string Code, PolicyRefusalKind Kind, string Reason)
{
    /// <summary>What is wrong with the text, where that is the reason.</summary>
    public ImmutableArray<PolicyFinding> Findings { get; init; } = [];

    /// <summary>The gate's denial, where the gate refused.</summary>
    public Denial? Denial { get; init; }
}

/// <summary>What kind of refusal it is: what a caller can do about it.</summary>
internal enum PolicyRefusalKind
{
    /// <summary>The request, or the text, is wrong.</summary>
    Invalid,

    /// <summary>The tenant has no such version.</summary>
    NotFound,

    /// <summary>Things are not as the request expects them, or would become so that nobody could change them back.</summary>
    Conflict,

    /// <summary>The gate denied it; <see cref="PolicyRefusal.Denial"/> says why.</summary>
    Denied,
}
