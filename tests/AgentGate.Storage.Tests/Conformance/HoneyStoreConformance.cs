using AgentGate.Deception;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="IHoneyStore"/> must do.</summary>
public abstract class HoneyStoreConformance : IAsyncDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private protected abstract Task<IHoneyStore> CreateAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_token_reads_back_whole()
    {
        var store = await CreateAsync();
        await store.AddAsync(Token(1), default);
        await store.AddAsync(new StoredHoneyToken(Token(2).Token with { Type = HoneyType.Tool, ResourcePattern = null, HasValue = false }, null), default);

        var read = await store.ReadAsync(default);
        Assert.Equal([Token(1).Token, Token(2).Token with { Type = HoneyType.Tool, ResourcePattern = null, HasValue = false }], read.Select(one => one.Token));
        Assert.Equal([1, 2, 3], read[0].Sealed);
        Assert.Null(read[1].Sealed);
    }

    [Fact]
    public async Task An_id_is_given_once()
    {
        var store = await CreateAsync();
        await store.AddAsync(Token(1), default);

        await Assert.ThrowsAnyAsync<Exception>(() => store.AddAsync(Token(1), default));
        Assert.Single(await store.ReadAsync(default));
    }

    [Fact]
    public async Task A_token_is_removed_by_its_own_tenant()
    {
        var store = await CreateAsync();
        await store.AddAsync(Token(1), default);

        Assert.False(await store.RemoveAsync("b", Token(1).Token.Id, default));
        Assert.True(await store.RemoveAsync("a", Token(1).Token.Id, default));
        Assert.False(await store.RemoveAsync("a", Token(1).Token.Id, default));
        Assert.Empty(await store.ReadAsync(default));
    }

    [Fact]
    public async Task A_tenant_lists_its_own_triggers_newest_first()
    {
        var store = await CreateAsync();
        var (first, second) = (Trigger(1), Trigger(2) with { At = s_start.AddSeconds(1), Principal = "agent_2" });
        await store.AddTriggerAsync(first, default);
        await store.AddTriggerAsync(second, default);
        await store.AddTriggerAsync(Trigger(3) with { Tenant = "b" }, default);

        Assert.Equal([second, first], await store.ListTriggersAsync("a", null, 10, default));
        Assert.Equal([second], await store.ListTriggersAsync("a", null, 1, default));
        Assert.Equal([first], await store.ListTriggersAsync("a", "agent_1", 10, default));
    }

    [Fact]
    public async Task A_principal_stands_where_its_worst_touch_put_it_until_it_is_cleared()
    {
        var store = await CreateAsync();
        await store.AddTriggerAsync(Trigger(1) with { Severity = 1 }, default);
        await store.AddTriggerAsync(Trigger(2) with { Severity = 3 }, default);
        await store.AddTriggerAsync(Trigger(3) with { Principal = "agent_2" }, default);
        await store.AddTriggerAsync(Trigger(4) with { Tenant = "b" }, default);
        Assert.Equal(
            [new HoneyStanding("a", "agent_1", 3), new HoneyStanding("a", "agent_2", 2), new HoneyStanding("b", "agent_1", 2)],
            (await store.ReadStandingsAsync(default)).OrderBy(one => one.Tenant, StringComparer.Ordinal).ThenBy(one => one.Principal, StringComparer.Ordinal));

        Assert.Equal(2, await store.ClearAsync("a", "agent_1", s_start.AddHours(1), "op", default));
        Assert.Equal(0, await store.ClearAsync("a", "agent_1", s_start.AddHours(2), "op", default));

        Assert.Equal(2, (await store.ReadStandingsAsync(default)).Count);
        Assert.All(
            await store.ListTriggersAsync("a", "agent_1", 10, default), one => Assert.Equal((s_start.AddHours(1), "op"), (one.ClearedAt, one.ClearedBy)));
    }

    private static StoredHoneyToken Token(int number) => new(
        new HoneyToken
        {
            Id = $"ht_{number:x32}",
            Tenant = "a",
            Type = HoneyType.Credential,
            Name = "backup key",
            Description = "in the wiki",
            ResourcePattern = "/secret/*",
            HasValue = true,
            CreatedAt = s_start,
            CreatedBy = "op",
        },
        [1, 2, 3]);

    private static HoneyTrigger Trigger(int number)
        => new($"trigger-{number}", "a", $"ht_{number:x32}", HoneyType.DataStore, "agent_1", $"call-{number}", s_start, 2);
}
