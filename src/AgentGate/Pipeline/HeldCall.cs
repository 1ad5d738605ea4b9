using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>A call whose hold is on record, as it is put before people. Immutable.</summary>
internal sealed record HeldCall
{
    /// <summary>The call as the last guard left it.</summary>
    public required GateCall Call { get; init; }

    /// <summary>What the guards learned of it.</summary>
    public required CallScope Scope { get; init; }

    /// <summary>The content as the caller sent it. An approval is bound to it, and no form of it is kept.</summary>
    public required CallContent Raw { get; init; }

    /// <summary>The hold, in the words the caller gets.</summary>
    public required Denial Denial { get; init; }

    /// <summary>The content with tokens in place of personal data; <see langword="null"/> where none may be kept.</summary>
    public string? Shown { get; init; }

    /// <summary>Whether <see cref="Shown"/> was cut.</summary>
    public bool IsCut { get; init; }

    /// <summary>The certificate of the hold, where certificates are made.</summary>
    public IssuedCertificate? Certificate { get; init; }
}
