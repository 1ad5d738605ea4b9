using System.Collections.Immutable;

namespace AgentGate.Server.Access;

/// <summary>The guards that do not judge this request's call. Set by the authentication middleware from the key's own record.</summary>
internal sealed record SkippedGuardsFeature(ImmutableArray<string> Names);
