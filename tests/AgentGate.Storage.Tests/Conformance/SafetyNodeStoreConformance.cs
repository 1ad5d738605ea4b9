using AgentGate.Certificates;
using AgentGate.Kernel.Signing;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="ISafetyNodeStore"/> must do.</summary>
public abstract class SafetyNodeStoreConformance : IAsyncDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private protected abstract Task<ISafetyNodeStore> CreateAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_node_reads_back_whole()
    {
        var store = await CreateAsync();

        Assert.True(await store.AddAsync(Node(1), default));

        Assert.Equal(Node(1), Assert.Single(await store.ListAsync(default)));
    }

    [Fact]
    public async Task Everything_is_read_by_tenant_and_id()
    {
        var store = await CreateAsync();
        foreach (var node in new[] { Node(3), Node(1, "b"), Node(1) })
        {
            Assert.True(await store.AddAsync(node, default));
        }

        Assert.Equal([("a", "node-1"), ("a", "node-3"), ("b", "node-1")], (await store.ListAsync(default)).Select(node => (node.Tenant!, node.NodeId)));
    }

    [Fact]
    public async Task One_node_has_one_id_and_one_key_in_a_tenant_for_ever()
    {
        var store = await CreateAsync();
        Assert.True(await store.AddAsync(Node(1), default));

        Assert.False(await store.AddAsync(Node(1) with { Key = Node(2).Key }, default));
        Assert.False(await store.AddAsync(Node(1) with { NodeId = "another" }, default));
        Assert.True(await store.RemoveAsync("a", "node-1", default));
        Assert.False(await store.AddAsync(Node(1) with { Key = Node(2).Key }, default));
        Assert.False(await store.AddAsync(Node(1) with { NodeId = "another" }, default));
        Assert.True(await store.AddAsync(Node(1, "b"), default));
        Assert.Equal(2, (await store.ListAsync(default)).Count);
    }

    [Fact]
    public async Task A_node_is_removed_by_its_own_tenant_once_and_its_key_stays()
    {
        var store = await CreateAsync();
        await store.AddAsync(Node(1), default);

        Assert.False(await store.RemoveAsync("b", "node-1", default));
        Assert.True(await store.RemoveAsync("a", "node-1", default));
        Assert.False(await store.RemoveAsync("a", "node-1", default));
        Assert.False(await store.RemoveAsync("a", "node-9", default));

        Assert.Equal(Node(1) with { IsRemoved = true }, Assert.Single(await store.ListAsync(default)));
    }

    [Fact]
    public async Task Of_many_who_register_one_key_at_once_one_succeeds()
    {
        var store = await CreateAsync();

        var added = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => store.AddAsync(Node(1) with { NodeId = $"id-{i}" }, default))));

        Assert.Equal(1, added.Count(one => one));
        Assert.Single(await store.ListAsync(default));
    }

    private static SafetyNode Node(int number, string tenant = "a") => new()
    {
        Tenant = tenant,
        NodeId = $"node-{number}",
        Url = new Uri($"https://node-{number}.example/"),
        Key = VerificationKey.Create(SignatureAlgorithm.Ed25519, [.. Enumerable.Repeat((byte)number, 32)]),
        RegisteredAt = s_start,
        RegisteredBy = "agent_1",
    };
}
