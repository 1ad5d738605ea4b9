namespace AgentGate.Policies.Versions;

/// <summary>The persons behind those who write policies. Thread-safe. Throws when what it asks fails.</summary>
internal interface IPolicyPeople
{
    /// <summary>The person who answers for a principal: the user itself, the owner of an agent, and the principal where nobody answers for it.</summary>
    Task<string> PersonOfAsync(string tenant, string principalId, CancellationToken cancellationToken);

    /// <summary>How many active users of a tenant may write policies.</summary>
    Task<int> WritersAsync(string tenant, CancellationToken cancellationToken);
}
