using System.Collections.Immutable;
using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Entities;

namespace AgentGate.Cli.Policies.Cases;

/// <summary>A request with the answer on file.</summary>
internal sealed record CaseRequest(
    string Description,
    EntityUid Principal,
    EntityUid Action,
    EntityUid Resource,
    byte[] Context,
    bool Validate,
    AuthorizationDecision Decision,
    ImmutableSortedSet<string> Reasons,
    ImmutableSortedSet<string> Errors);
