namespace AgentGate.Certificates;

/// <summary>What a certificate's hashes stand for, as far as it is still there. Immutable; what is empty is not there.</summary>
internal sealed record StoredEvidence
{
    /// <summary>α's canonical bytes.</summary>
    public ReadOnlyMemory<byte> Alpha { get; init; }

    /// <summary>Canonical JSON with the bundle's <c>grants</c> and <c>revocations</c>.</summary>
    public ReadOnlyMemory<byte> Facts { get; init; }

    /// <summary>Γ's canonical bytes.</summary>
    public ReadOnlyMemory<byte> Gamma { get; init; }

    /// <summary>The settings' canonical bytes.</summary>
    public ReadOnlyMemory<byte> Settings { get; init; }

    /// <summary>The policies as the bundle holds them, a JSON array.</summary>
    public ReadOnlyMemory<byte> Policies { get; init; }

    /// <summary>Whether the key of α was destroyed.</summary>
    public bool IsErased { get; init; }
}
