namespace AgentGate.Storage;

/// <summary>Whose rows a context sees and changes: one tenant's, or everybody's. Immutable.</summary>
/// <param name="Tenant">The tenant; <see langword="null"/> where <paramref name="SeesAll"/>.</param>
/// <param name="SeesAll">Whether the rows of every tenant are seen.</param>
internal sealed record TenantScope(string? Tenant, bool SeesAll)
{
    /// <summary>Every tenant's rows: for what has no tenant yet, or loads all tenants.</summary>
    public static TenantScope System { get; } = new(null, SeesAll: true);

    /// <summary>One tenant's rows.</summary>
    public static TenantScope Of(string tenant)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        return new TenantScope(tenant, SeesAll: false);
    }
}
