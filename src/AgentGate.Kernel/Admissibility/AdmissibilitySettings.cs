using System.Collections.Immutable;

namespace AgentGate.Kernel.Admissibility;

/// <summary>The settings that a decision rests on beside policies and grants. Immutable.</summary>
public sealed record AdmissibilitySettings
{
    /// <summary>How long a certificate's window is.</summary>
    /// <value>The default is 5 minutes. Whole seconds.</value>
    public TimeSpan Validity { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long an attestation counts.</summary>
    /// <value>The default is 15 minutes. Whole seconds.</value>
    public TimeSpan AttestationLifetime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Obligations by action (<c>*</c> for every action).</summary>
    public ImmutableArray<SettingObligation> Obligations { get; init; } = [];

    /// <summary>The safety nodes whose votes count, or <see langword="null"/> where there are none.</summary>
    public VoteQuorum? Quorum { get; init; }
}
