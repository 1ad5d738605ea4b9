using System.Text.Json.Serialization;

namespace AgentGate.Client.Delegation;

/// <summary>Asks for a grant (<c>POST /api/security/delegation/issue</c>).</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GrantIssueRequest
{
    /// <summary>Who grants; the one who asks where it is absent. A pseudonymous id.</summary>
    public string? Principal { get; init; }

    /// <summary>Who may act. A pseudonymous id. Required.</summary>
    public string? Delegate { get; init; }

    /// <summary>The tenant; it can only be the key's own.</summary>
    public string? TenantId { get; init; }

    /// <summary>Actions of the gate, or <c>*</c> alone. Required.</summary>
    public IReadOnlyList<string>? AllowedActions { get; init; }

    /// <summary>Scopes like <c>Tool:crm/*</c>, or <c>*</c>. Required.</summary>
    public IReadOnlyList<string>? ResourceScope { get; init; }

    /// <summary>Until when, at most a year ahead. Required.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The grant it narrows; a root where it is absent.</summary>
    public string? ParentGrantId { get; init; }

    /// <summary>What must also hold, for example <c>mfa_required</c>.</summary>
    public IReadOnlyList<string>? Obligations { get; init; }

    /// <summary>Under which circumstances it counts.</summary>
    public GrantConstraintEntry? ContextConstraints { get; init; }
}

/// <summary>The circumstances under which a grant counts; what is absent does not narrow.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GrantConstraintEntry
{
    /// <summary>The doors it counts at.</summary>
    public IReadOnlyList<string>? Doors { get; init; }

    /// <summary>The networks (CIDR) it counts from.</summary>
    public IReadOnlyList<string>? SourceNetworks { get; init; }

    /// <summary><see langword="false"/>: not for calls a model asks for.</summary>
    public bool? ByModel { get; init; }
}

/// <summary>A grant.</summary>
public sealed record GrantEntry
{
    /// <summary>Its id.</summary>
    public required string GrantId { get; init; }

    /// <summary>The tenant it counts in.</summary>
    public required string TenantId { get; init; }

    /// <summary>Who grants.</summary>
    public required string Principal { get; init; }

    /// <summary>Who may act.</summary>
    public required string Delegate { get; init; }

    /// <summary>The actions, or <c>*</c> alone.</summary>
    public required IReadOnlyList<string> AllowedActions { get; init; }

    /// <summary>The scopes.</summary>
    public required IReadOnlyList<string> ResourceScope { get; init; }

    /// <summary>What must also hold.</summary>
    public required IReadOnlyList<string> Obligations { get; init; }

    /// <summary>Under which circumstances it counts.</summary>
    public required GrantConstraintEntry ContextConstraints { get; init; }

    /// <summary>The grant it narrows, if any.</summary>
    public string? ParentGrantId { get; init; }

    /// <summary>Valid from then on.</summary>
    public required DateTimeOffset IssuedAt { get; init; }

    /// <summary>Valid until before then.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Whether it counts now, its parents considered.</summary>
    public required bool Active { get; init; }

    /// <summary>Why it does not, where it does not: a word of docs/formats/delegation.md.</summary>
    public string? Reason { get; init; }

    /// <summary>The id of the key that signed it.</summary>
    public required string KeyId { get; init; }

    /// <summary>The signature, base64.</summary>
    public required string Signature { get; init; }
}

/// <summary>A page of grants, by id.</summary>
/// <param name="Grants">The grants.</param>
/// <param name="Next">Where the next page begins (<c>after</c>), or <see langword="null"/> on the last one.</param>
/// <param name="GrantsRoot">The root of the fact tree of all grants.</param>
/// <param name="RevocationsRoot">The root of the fact tree of revocations.</param>
public sealed record GrantPage(IReadOnlyList<GrantEntry> Grants, string? Next, string GrantsRoot, string RevocationsRoot);

/// <summary>A grant with the chain it ends.</summary>
/// <param name="Grant">The grant.</param>
/// <param name="Chain">The grants from it to its root.</param>
public sealed record GrantDetail(GrantEntry Grant, IReadOnlyList<GrantEntry> Chain);

/// <summary>Asks to revoke a grant (<c>POST /api/security/delegation/revoke</c>).</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record GrantRevokeRequest
{
    /// <summary>The grant. Required.</summary>
    public string? GrantId { get; init; }

    /// <summary>The tenant; it can only be the key's own.</summary>
    public string? TenantId { get; init; }

    /// <summary>Why, without personal data: proofs show it. Required.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether the grants that rest on it end too. They always do; <see langword="false"/> is refused.</summary>
    public bool? Transitive { get; init; }
}

/// <summary>The end of a grant.</summary>
/// <param name="GrantId">The grant.</param>
/// <param name="RevokedAt">When.</param>
/// <param name="Reason">Why.</param>
public sealed record GrantRevocationEntry(string GrantId, DateTimeOffset RevokedAt, string Reason);

/// <summary>What a revocation ended.</summary>
/// <param name="Revocation">The revocation.</param>
/// <param name="Ended">How many live grants ended, the revoked one among them; 0 where it was revoked before.</param>
public sealed record GrantRevokeResult(GrantRevocationEntry Revocation, int Ended);

/// <summary>The revocations of a tenant, newest first.</summary>
/// <param name="Revocations">The revocations, at most as many as were asked for.</param>
/// <param name="Total">How many there are.</param>
/// <param name="Root">The root of their fact tree.</param>
public sealed record GrantRevocationPage(IReadOnlyList<GrantRevocationEntry> Revocations, long Total, string Root);
