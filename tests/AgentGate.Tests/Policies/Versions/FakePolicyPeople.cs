using AgentGate.Policies.Versions;

namespace AgentGate.Tests.Policies.Versions;

/// <summary>People as a test says.</summary>
internal sealed class FakePolicyPeople : IPolicyPeople
{
    public int Writers { get; set; }

    /// <summary>The owners of agents.</summary>
    public Dictionary<string, string> Owners { get; } = [];

    public Task<string> PersonOfAsync(string tenant, string principalId, CancellationToken cancellationToken)
        => Task.FromResult(Owners.GetValueOrDefault(principalId, principalId));

    public Task<int> WritersAsync(string tenant, CancellationToken cancellationToken) => Task.FromResult(Writers);
}
