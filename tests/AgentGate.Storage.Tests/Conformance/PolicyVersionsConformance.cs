using AgentGate.Policies.Versions;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="IPolicyVersions"/> must do.</summary>
public abstract class PolicyVersionsConformance : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);
    private static readonly PolicyAct Act = new(Start, "agent_1");

    private protected abstract Task<IPolicyVersions> CreateAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private static PolicyText Facts(string text) => new(PolicyCheck.HashOf(text), "set of " + text, 1, 2, "note of " + text);

    private static async Task<int> AddAsync(IPolicyVersions store, string text, string tenant = "a")
        => (await store.AddAsync(tenant, text, Facts(text), Act, default))!.Number;

    private static Task<PolicyChange> ActivateAsync(
        IPolicyVersions store, int number, string? text, int expected, string tenant = "a", bool isRollBack = false)
        => store.ActivateAsync(
            tenant, new PolicyActivation(number, text is null ? null : PolicyCheck.HashOf(text), expected, isRollBack), Act with { CallId = "call" }, default);

    [Fact]
    public async Task A_draft_reads_back_whole()
    {
        var store = await CreateAsync();
        await AddAsync(store, "permit;\n");

        var read = await store.FindAsync("a", 1, default);

        Assert.NotNull(read);
        Assert.Equal("permit;\n", read.Text);
        Assert.Equal(
            new PolicyVersion
            {
                Tenant = "a", Number = 1, Status = PolicyVersionStatus.Draft, Revision = 1, Facts = Facts("permit;\n"), Author = "agent_1", CreatedAt = Start, ChangedAt = Start,
            },
            read.Version);
        Assert.Equal("v1", read.Version.Id);
        Assert.Null(await store.FindAsync("a", 2, default));
    }

    [Fact]
    public async Task Numbers_count_per_tenant_and_are_never_used_again()
    {
        var store = await CreateAsync();

        Assert.Equal(1, await AddAsync(store, "x"));
        Assert.Equal(2, await AddAsync(store, "y"));
        Assert.Equal(1, await AddAsync(store, "x", "b"));
        Assert.Equal(PolicyChange.Done, await store.DeleteAsync("a", 2, Act, default));
        Assert.Equal(3, await AddAsync(store, "z"));
    }

    [Fact]
    public async Task A_draft_changes_for_who_saw_its_last_text()
    {
        var store = await CreateAsync();
        await AddAsync(store, "x");

        Assert.Equal(PolicyChange.Done, await store.UpdateAsync("a", 1, 1, "y", Facts("y"), Act with { At = Start.AddHours(1), By = "agent_2" }, default));
        Assert.Equal(PolicyChange.Conflict, await store.UpdateAsync("a", 1, 1, "z", Facts("z"), Act, default));
        Assert.Equal(PolicyChange.NotFound, await store.UpdateAsync("a", 9, 1, "z", Facts("z"), Act, default));

        var read = (await store.FindAsync("a", 1, default))!;
        Assert.Equal(("y", 2, Start.AddHours(1), "agent_1"), (read.Text, read.Version.Revision, read.Version.ChangedAt, read.Version.Author));
    }

    [Fact]
    public async Task One_version_is_active_and_the_former_one_retires()
    {
        var store = await CreateAsync();
        await AddAsync(store, "x");
        await AddAsync(store, "y");

        Assert.Equal(0, await store.ActiveAsync("a", default));
        Assert.Equal(PolicyChange.Done, await ActivateAsync(store, 1, "x", 0));
        Assert.Equal(PolicyChange.Done, await ActivateAsync(store, 2, "y", 1));

        Assert.Equal(2, await store.ActiveAsync("a", default));
        Assert.Equal(
            [(2, PolicyVersionStatus.Active), (1, PolicyVersionStatus.Retired)],
            (await store.ListAsync("a", int.MaxValue, 10, default)).Select(version => (version.Number, version.Status)));
        Assert.Equal(Start, (await store.FindAsync("a", 2, default))!.Version.ActivatedAt);
    }

    [Fact]
    public async Task Who_expects_another_active_version_gets_a_conflict_and_changes_nothing()
    {
        var store = await CreateAsync();
        await AddAsync(store, "x");
        await AddAsync(store, "y");
        await ActivateAsync(store, 1, "x", 0);

        Assert.Equal(PolicyChange.Conflict, await ActivateAsync(store, 2, "y", 0));
        Assert.Equal(PolicyChange.Conflict, await ActivateAsync(store, 2, "another text", 1));
        Assert.Equal(PolicyChange.NotFound, await ActivateAsync(store, 9, "y", 1));
        Assert.Equal(PolicyChange.NotPossible, await ActivateAsync(store, 1, "x", 1));

        Assert.Equal(1, await store.ActiveAsync("a", default));
        Assert.Equal(3, (await store.HistoryAsync("a", long.MaxValue, 10, default)).Count);
    }

    [Fact]
    public async Task Of_many_who_activate_at_once_one_succeeds()
    {
        var store = await CreateAsync();
        var numbers = new List<int>();
        for (var i = 0; i < 8; i++)
        {
            numbers.Add(await AddAsync(store, "text " + i));
        }

        var made = await Task.WhenAll(numbers.Select((number, i) => Task.Run(() => ActivateAsync(store, number, "text " + i, 0))));

        Assert.Equal(1, made.Count(change => change == PolicyChange.Done));
        Assert.All(made.Where(change => change != PolicyChange.Done), change => Assert.Equal(PolicyChange.Conflict, change));
    }

    [Fact]
    public async Task The_configured_policies_come_back_in_force()
    {
        var store = await CreateAsync();
        await AddAsync(store, "x");
        await ActivateAsync(store, 1, "x", 0);

        Assert.Equal(PolicyChange.Done, await ActivateAsync(store, PolicyVersion.Configured, null, 1, isRollBack: true));

        Assert.Equal(0, await store.ActiveAsync("a", default));
        Assert.Empty(await store.ReadInForceAsync(default));
        var last = (await store.HistoryAsync("a", long.MaxValue, 1, default)).Single();
        Assert.Equal((PolicyEvent.RolledBack, 0, null, "call"), (last.Event, last.Number, last.TextHash, last.CallId));
    }

    [Fact]
    public async Task What_was_in_force_never_changes()
    {
        var store = await CreateAsync();
        await AddAsync(store, "x");
        await AddAsync(store, "y");
        await ActivateAsync(store, 1, "x", 0);

        Assert.Equal(PolicyChange.NotPossible, await store.UpdateAsync("a", 1, 1, "z", Facts("z"), Act, default));
        Assert.Equal(PolicyChange.NotPossible, await store.DeleteAsync("a", 1, Act, default));
        Assert.Equal(PolicyChange.NotPossible, await store.ShadowAsync("a", 1, Act, default));
        await ActivateAsync(store, 2, "y", 1);
        Assert.Equal(PolicyChange.NotPossible, await store.UpdateAsync("a", 1, 1, "z", Facts("z"), Act, default));
        Assert.Equal(PolicyChange.NotPossible, await store.DeleteAsync("a", 1, Act, default));
        Assert.Equal("x", (await store.FindAsync("a", 1, default))!.Text);
    }

    [Fact]
    public async Task One_draft_is_the_shadow_and_a_former_one_is_a_draft_again()
    {
        var store = await CreateAsync();
        await AddAsync(store, "x");
        await AddAsync(store, "y");

        Assert.Equal(PolicyChange.Done, await store.ShadowAsync("a", 1, Act, default));
        Assert.Equal(PolicyChange.NotPossible, await store.UpdateAsync("a", 1, 1, "z", Facts("z"), Act, default));
        Assert.Equal(PolicyChange.Done, await store.ShadowAsync("a", 2, Act, default));
        Assert.Equal(PolicyChange.NotFound, await store.ShadowAsync("a", 9, Act, default));

        Assert.Equal(
            [(2, PolicyVersionStatus.Shadow), (1, PolicyVersionStatus.Draft)],
            (await store.ListAsync("a", int.MaxValue, 10, default)).Select(version => (version.Number, version.Status)));
        Assert.Equal(2, Assert.Single(await store.ReadInForceAsync(default)).Version.Number);
        Assert.Equal(PolicyChange.Done, await store.ShadowAsync("a", PolicyVersion.Configured, Act, default));
        Assert.Empty(await store.ReadInForceAsync(default));
    }

    [Fact]
    public async Task A_shadow_can_come_into_force()
    {
        var store = await CreateAsync();
        await AddAsync(store, "x");
        await store.ShadowAsync("a", 1, Act, default);

        Assert.Equal(PolicyChange.Done, await ActivateAsync(store, 1, "x", 0));
        Assert.Equal(PolicyVersionStatus.Active, Assert.Single(await store.ReadInForceAsync(default)).Version.Status);
    }

    [Fact]
    public async Task History_tells_everything_in_order_and_by_pages()
    {
        var store = await CreateAsync();
        await AddAsync(store, "x");
        await store.UpdateAsync("a", 1, 1, "y", Facts("y"), Act, default);
        await store.ShadowAsync("a", 1, Act, default);
        await store.ShadowAsync("a", 0, Act, default);
        await ActivateAsync(store, 1, "y", 0);
        await AddAsync(store, "z");
        await store.DeleteAsync("a", 2, Act, default);

        var all = await store.HistoryAsync("a", long.MaxValue, 100, default);

        Assert.Equal(
            [PolicyEvent.Deleted, PolicyEvent.Created, PolicyEvent.Activated, PolicyEvent.ShadowEnded, PolicyEvent.ShadowStarted, PolicyEvent.Updated, PolicyEvent.Created],
            all.Select(entry => entry.Event));
        Assert.Equal([7, 6, 5, 4, 3, 2, 1], all.Select(entry => entry.Seq));
        Assert.Equal([4, 3], (await store.HistoryAsync("a", 5, 2, default)).Select(entry => entry.Seq));
        Assert.Equal((PolicyCheck.HashOf("y"), "agent_1", "call"), (all[2].TextHash, all[2].By, all[2].CallId));
    }

    [Fact]
    public async Task A_tenant_neither_sees_nor_changes_what_another_has()
    {
        var store = await CreateAsync();
        await AddAsync(store, "x");
        await AddAsync(store, "theirs", "b");
        await ActivateAsync(store, 1, "x", 0);

        Assert.Equal(PolicyChange.NotFound, await store.UpdateAsync("c", 1, 1, "z", Facts("z"), Act, default));
        Assert.Equal(PolicyChange.NotFound, await store.DeleteAsync("c", 1, Act, default));
        Assert.Equal(PolicyChange.NotFound, await ActivateAsync(store, 1, "x", 0, "c"));
        Assert.Null(await store.FindAsync("c", 1, default));
        Assert.Empty(await store.ListAsync("c", int.MaxValue, 10, default));
        Assert.Empty(await store.HistoryAsync("c", long.MaxValue, 10, default));
        Assert.Equal("theirs", (await store.FindAsync("b", 1, default))!.Text);
        Assert.Equal(PolicyChange.Done, await ActivateAsync(store, 1, "theirs", 0, "b"));
        Assert.Equal([("a", 1), ("b", 1)], (await store.ReadInForceAsync(default)).Select(document => (document.Version.Tenant, document.Version.Number)));
    }

    [Fact]
    public async Task Drafts_are_bounded()
    {
        var store = await CreateAsync();
        for (var i = 0; i < 100; i++)
        {
            await AddAsync(store, "text " + i);
        }

        Assert.Null(await store.AddAsync("a", "one more", Facts("one more"), Act, default));
        await store.DeleteAsync("a", 1, Act, default);
        Assert.NotNull(await store.AddAsync("a", "one more", Facts("one more"), Act, default));
    }
}
