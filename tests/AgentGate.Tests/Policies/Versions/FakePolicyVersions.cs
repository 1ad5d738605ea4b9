using AgentGate.Policies.Versions;

namespace AgentGate.Tests.Policies.Versions;

/// <summary>Versions in memory, of one tenant, with what a test makes the store answer.</summary>
internal sealed class FakePolicyVersions : IPolicyVersions
{
    public List<PolicyDocument> Documents { get; } = [];

    public List<(PolicyActivation Activation, PolicyAct Act)> Activations { get; } = [];

    public List<PolicyHistoryEntry> History { get; } = [];

    /// <summary>What an activation answers; it is carried out only when it is done.</summary>
    public PolicyChange Answer { get; set; } = PolicyChange.Done;

    /// <summary>Whether an activation throws.</summary>
    public bool IsBroken { get; set; }

    /// <summary>What reading what is in force throws.</summary>
    public Exception? ReadFailure { get; set; }

    public PolicyDocument Put(string text, PolicyVersionStatus status, string tenant = "t")
    {
        var document = new PolicyDocument(
            new PolicyVersion
            {
                Tenant = tenant, Number = Documents.Count + 1, Status = status, Revision = 1, Facts = PolicyCheck.Of(text).ToFacts(text, ""),
                Author = "agent", CreatedAt = DateTimeOffset.UnixEpoch, ChangedAt = DateTimeOffset.UnixEpoch,
            },
            text);
        Documents.Add(document);
        return document;
    }

    public Task<PolicyVersion?> AddAsync(string tenant, string text, PolicyText facts, PolicyAct act, CancellationToken cancellationToken)
        => Task.FromResult<PolicyVersion?>(Put(text, PolicyVersionStatus.Draft, tenant).Version);

    public Task<PolicyChange> UpdateAsync(
        string tenant, int number, int expectedRevision, string text, PolicyText facts, PolicyAct act, CancellationToken cancellationToken)
        => Task.FromResult(Answer);

    public Task<PolicyChange> DeleteAsync(string tenant, int number, PolicyAct act, CancellationToken cancellationToken) => Task.FromResult(Answer);

    public Task<PolicyChange> ActivateAsync(string tenant, PolicyActivation activation, PolicyAct act, CancellationToken cancellationToken)
    {
        Activations.Add((activation, act));
        return IsBroken ? Task.FromException<PolicyChange>(new IOException("the disk is full")) : Task.FromResult(Answer);
    }

    public Task<PolicyChange> ShadowAsync(string tenant, int number, PolicyAct act, CancellationToken cancellationToken) => Task.FromResult(Answer);

    public Task<PolicyDocument?> FindAsync(string tenant, int number, CancellationToken cancellationToken)
        => Task.FromResult(Documents.FirstOrDefault(document => document.Version.Tenant == tenant && document.Version.Number == number));

    public Task<int> ActiveAsync(string tenant, CancellationToken cancellationToken) => Task.FromResult(0);

    public Task<IReadOnlyList<PolicyVersion>> ListAsync(string tenant, int before, int limit, CancellationToken cancellationToken)
        => Task.FromResult<IReadOnlyList<PolicyVersion>>([.. Documents.Select(document => document.Version)]);

    public Task<IReadOnlyList<PolicyHistoryEntry>> HistoryAsync(string tenant, long before, int limit, CancellationToken cancellationToken)
        => Task.FromResult<IReadOnlyList<PolicyHistoryEntry>>(History);

    public Task<IReadOnlyList<PolicyDocument>> ReadInForceAsync(CancellationToken cancellationToken)
        => ReadFailure is { } failure
            ? Task.FromException<IReadOnlyList<PolicyDocument>>(failure)
            : Task.FromResult<IReadOnlyList<PolicyDocument>>(
                [.. Documents.Where(document => document.Version.Status is PolicyVersionStatus.Active or PolicyVersionStatus.Shadow)]);
}
