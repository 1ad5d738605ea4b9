using AgentGate.Identity;

namespace AgentGate.Server.Identity.Users;

/// <summary>What a user is to be given.</summary>
internal sealed record PiiPermissionDraft
{
    public required string UserId { get; init; }

    /// <summary>One of the twelve published names.</summary>
    public required string Permission { get; init; }

    /// <summary>When it ends; without it, when somebody takes it back.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Why. At most 500 characters, stored encrypted.</summary>
    public string? Reason { get; init; }
}

/// <summary>A permission that a user has.</summary>
/// <param name="Id">Its id.</param>
/// <param name="UserId">Whose.</param>
/// <param name="Permission">Its published name.</param>
/// <param name="GrantedBy">Who gave it.</param>
/// <param name="GrantedAt">When.</param>
/// <param name="ExpiresAt">Until when.</param>
/// <param name="Reason">Why.</param>
internal sealed record PiiPermissionEntry(
    string Id, string UserId, string Permission, string GrantedBy, DateTimeOffset GrantedAt, DateTimeOffset? ExpiresAt, string? Reason)
{
    public static PiiPermissionEntry Of(PiiPermission permission) => new(
        permission.Id, permission.UserId, permission.Permission, permission.GrantedBy, permission.GrantedAt, permission.ExpiresAt,
        permission.Reason.Length == 0 ? null : permission.Reason);
}

/// <summary>The permissions that a user has, the oldest first.</summary>
/// <param name="Permissions">The permissions.</param>
internal sealed record PiiPermissionList(IReadOnlyList<PiiPermissionEntry> Permissions);

/// <summary>The permissions there are.</summary>
/// <param name="Permissions">Their published names.</param>
internal sealed record PiiPermissionNames(IReadOnlyList<string> Permissions);
