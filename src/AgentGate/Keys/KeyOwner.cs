using System.Collections.Frozen;
using System.Collections.Immutable;

namespace AgentGate.Keys;

/// <summary>The user who answers for keys, as far as keys are concerned: what the user may do now. Immutable.</summary>
/// <param name="Tenant">The user's tenant.</param>
/// <param name="Roles">The user's roles.</param>
/// <param name="RoleScopes">What the roles may do.</param>
/// <param name="Scopes">What the user may do: the same, and what the user was given personally.</param>
internal sealed record KeyOwner(string Tenant, ImmutableArray<string> Roles, ImmutableArray<string> RoleScopes, FrozenSet<string> Scopes);
