using AgentGate.Kernel.Transparency;

namespace AgentGate.Kernel.Certificates;

/// <summary>What a verifier demands beyond the certificate's own steps. Immutable.</summary>
public sealed record VerificationOptions
{
    /// <summary>Nothing more.</summary>
    public static VerificationOptions Default { get; } = new();

    /// <summary>The moment at which the certificate is to be used, or <see langword="null"/> where none is asked for: an old decision stays a decision.</summary>
    public DateTimeOffset? At { get; init; }

    /// <summary>The witnesses that must have cosigned the checkpoint, or <see langword="null"/> for none.</summary>
    public WitnessPolicy? Witnesses { get; init; }
}
