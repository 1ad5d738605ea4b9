namespace AgentGate.Pipeline;

/// <summary>What tenants say of themselves to people. Thread-safe. Throws when the store fails.</summary>
internal interface IOrganizations
{
    /// <summary>What a tenant says of itself.</summary>
    ValueTask<Organization> OfAsync(string tenant, CancellationToken cancellationToken);
}
