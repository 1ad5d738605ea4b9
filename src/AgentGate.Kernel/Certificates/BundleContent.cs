using System.Collections.Immutable;
using AgentGate.Cedar.Syntax;
using AgentGate.Kernel.Delegation;

namespace AgentGate.Kernel.Certificates;

/// <summary>What a bundle is made from. Immutable.</summary>
public sealed record BundleContent
{
    /// <summary>The certificate with its seal, as <see cref="CertificateJson.Write"/> gives it.</summary>
    public required ReadOnlyMemory<byte> Certificate { get; init; }

    /// <summary>The canonical bytes of α; empty where nothing was evaluated, or where it was erased.</summary>
    public ReadOnlyMemory<byte> Alpha { get; init; }

    /// <summary>The canonical bytes of Γ; empty where nothing was evaluated.</summary>
    public ReadOnlyMemory<byte> Gamma { get; init; }

    /// <summary>The canonical bytes of the settings; empty where nothing was evaluated.</summary>
    public ReadOnlyMemory<byte> Settings { get; init; }

    /// <summary>The policy set in force, or <see langword="null"/> where nothing was evaluated.</summary>
    public PolicySet? Policies { get; init; }

    /// <summary>Whether α was erased.</summary>
    public bool Erased { get; init; }

    /// <summary>The canonical JSON of the member <c>grants</c>; empty without a delegation.</summary>
    public ReadOnlyMemory<byte> Grants { get; init; }

    /// <summary>The canonical JSON of the member <c>revocations</c>; empty without a delegation.</summary>
    public ReadOnlyMemory<byte> Revocations { get; init; }

    /// <summary>The votes the decision rests on.</summary>
    public ImmutableArray<SignedVote> Votes { get; init; } = [];

    /// <summary>The bytes of the log's entry.</summary>
    public required ReadOnlyMemory<byte> Entry { get; init; }

    /// <summary>The index of the entry's leaf, from 0.</summary>
    public required long EntryIndex { get; init; }

    /// <summary>The inclusion proof of the entry in the checkpoint's tree, 32 bytes each.</summary>
    public required ImmutableArray<ReadOnlyMemory<byte>> EntryProof { get; init; }

    /// <summary>The signed note.</summary>
    public required ReadOnlyMemory<byte> Checkpoint { get; init; }

    /// <summary>Puts the chain of a delegation into a bundle, with what proves it.</summary>
    /// <param name="delegationRef">The grant that α names.</param>
    /// <param name="facts">The grants and revocations that were in force.</param>
    /// <returns>This content with <see cref="Grants"/> and <see cref="Revocations"/>.</returns>
    public BundleContent WithDelegation(string delegationRef, GrantSnapshot facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return this with { Grants = BundleFacts.Grants(delegationRef, facts), Revocations = BundleFacts.Revocations(delegationRef, facts) };
    }
}
