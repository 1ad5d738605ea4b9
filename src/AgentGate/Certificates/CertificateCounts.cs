using System.Collections.Immutable;

namespace AgentGate.Certificates;

/// <summary>How many certificates a tenant was issued in a span of time. Immutable.</summary>
/// <param name="Total">All of them.</param>
/// <param name="ByResult">By the theorem's result; only what occurs.</param>
/// <param name="ByDecision">By what the gate did; only what occurs.</param>
internal sealed record CertificateCounts(long Total, ImmutableSortedDictionary<string, long> ByResult, ImmutableSortedDictionary<string, long> ByDecision);
