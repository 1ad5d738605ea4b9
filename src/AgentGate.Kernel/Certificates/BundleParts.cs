using System.Collections.Immutable;
using AgentGate.Kernel.Delegation;

namespace AgentGate.Kernel.Certificates;

/// <summary>A policy of a bundle. Immutable.</summary>
/// <param name="Id">Its id.</param>
/// <param name="IsTemplate">Whether it is a template, which decides nothing.</param>
/// <param name="Json">Its JSON bytes.</param>
internal sealed record BundlePolicy(string Id, bool IsTemplate, ReadOnlyMemory<byte> Json);

/// <summary>A grant of the chain, or the proof that it does not exist. Immutable.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Grant">The grant, or <see langword="null"/> for a missing one.</param>
/// <param name="Shown">The grant as a fact with its proof.</param>
/// <param name="Absent">The neighbours between which a missing one would stand.</param>
internal sealed record BundleGrant(string Id, SignedGrant? Grant, ProvenFact? Shown, ImmutableArray<ProvenFact> Absent);

/// <summary>Whether a grant was revoked, with the proof. Immutable.</summary>
/// <param name="GrantId">The grant.</param>
/// <param name="Present">The revocation as a fact, or <see langword="null"/> where there is none.</param>
/// <param name="Absent">The neighbours between which it would stand.</param>
internal sealed record BundleRevocation(string GrantId, ProvenFact? Present, ImmutableArray<ProvenFact> Absent);
