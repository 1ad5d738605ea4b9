using AgentGate.Kernel.Decisions;

namespace AgentGate.Delegation;

/// <summary>The answer to somebody who issues or revokes: it is done, or it is refused and why. A closed set.</summary>
/// <typeparam name="T">What there is to show when it is done.</typeparam>
internal abstract record GrantReply<T>
{
    private GrantReply()
    {
    }

    /// <param name="Value">What there is to show.</param>
    public sealed record Done(T Value) : GrantReply<T>;

    /// <param name="Refusal">Why not.</param>
    public sealed record Refused(GrantRefusal Refusal) : GrantReply<T>;

    public static implicit operator GrantReply<T>(GrantRefusal refusal) => new Refused(refusal);
}

/// <summary>Why something was not done.</summary>
/// <param name="Code">The stable <c>AG####</c> code.</param>
/// <param name="Kind">What kind of refusal it is.</param>
/// <param name="Detail">A sentence that says what to do.</param>
internal sealed record GrantRefusal(string Code, GrantRefusalKind Kind, string Detail)
{
    /// <summary>The member of the request that is at fault, if one is.</summary>
    public string? Field { get; init; }

    /// <summary>The word of <see cref="Kernel.Delegation.ChainReasons"/> for it, if a rule of chains is.</summary>
    public string? Reason { get; init; }

    /// <summary>The gate's denial, where the gate refused.</summary>
    public Denial? Denial { get; init; }
}

/// <summary>What kind of refusal it is: what a caller can do about it.</summary>
internal enum GrantRefusalKind
{
    /// <summary>The request is wrong.</summary>
    Invalid,

    /// <summary>The tenant has no such grant.</summary>
    NotFound,

    /// <summary>Things are not so that it could be done.</summary>
    Conflict,

    /// <summary>Something it needs is missing or failed.</summary>
    Unavailable,

    /// <summary>The gate denied it; <see cref="GrantRefusal.Denial"/> says why.</summary>
    Denied,
}
