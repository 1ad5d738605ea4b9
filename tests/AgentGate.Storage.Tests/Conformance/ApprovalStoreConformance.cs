using System.Text;
using AgentGate.Approvals;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="IApprovalStore"/> must do.</summary>
public abstract class ApprovalStoreConformance : IAsyncDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private protected abstract Task<IApprovalStore> CreateAsync();

    /// <summary>The bytes of a stored approval, or <see langword="null"/> where it is not stored as bytes.</summary>
    private protected virtual Task<byte[]?> StoredAsync(string id) => Task.FromResult<byte[]?>(null);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    private static Approval New(string id, string digest = "d1", string tenant = "t1", int minute = 0) => new()
    {
        Id = id,
        Tenant = tenant,
        CallId = "call-" + id,
        DecisionId = "decision",
        CertificateHash = "hash",
        Door = "sdk.tool",
        Principal = "agent",
        Action = GateActions.CallTool,
        Resource = EntityRef.Tool("delete_record"),
        CallDigest = digest,
        Code = "AG1211",
        Reason = "why",
        Shown = """{"to":"<EMAIL_1>"}""",
        IsCut = true,
        Needed = 2,
        OwnerId = "user_owner",
        CreatedAt = s_start.AddMinutes(minute),
        ExpiresAt = s_start.AddHours(1),
        Votes = [new ApprovalVote("entry", "user_1", true, s_start.AddMinutes(1), "fine", IsRecorded: true)],
    };

    private static Approval Plain(Approval? approval) => Assert.IsType<Approval>(approval) with { Votes = default };

    [Fact]
    public async Task An_approval_reads_back_whole_and_only_in_its_tenant()
    {
        var store = await CreateAsync();
        Assert.True(await store.AddAsync(New("a"), default));

        var read = await store.FindAsync("t1", "a", default);
        Assert.Equal(Plain(New("a")), Plain(read));
        Assert.Equal(New("a").Votes, read!.Votes.AsEnumerable());
        Assert.Null(await store.FindAsync("t2", "a", default));
        Assert.Null(await store.FindAsync("t1", "b", default));
        if (await StoredAsync("a") is { } bytes)
        {
            Assert.DoesNotContain("EMAIL_1", Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Of_a_call_one_approval_is_live()
    {
        var store = await CreateAsync();
        Assert.True(await store.AddAsync(New("a"), default));
        Assert.False(await store.AddAsync(New("b"), default));
        Assert.True(await store.AddAsync(New("c", tenant: "t2"), default));
        Assert.True(await store.AddAsync(New("d", "d2"), default));
        Assert.Equal("a", (await store.FindLiveAsync("t1", "d1", default))!.Id);

        Assert.True(await store.UpdateAsync(New("a") with { Status = ApprovalStatus.Used, UsedBy = "call" }, default));
        Assert.Null(await store.FindLiveAsync("t1", "d1", default));
        Assert.True(await store.AddAsync(New("b"), default));
    }

    [Fact]
    public async Task Of_all_who_change_it_at_a_time_one_does()
    {
        var store = await CreateAsync();
        await store.AddAsync(New("a"), default);
        var read = (await store.FindAsync("t1", "a", default))!;
        var changed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => store.UpdateAsync(read with { Status = ApprovalStatus.Denied }, default))));

        Assert.Equal(1, changed.Count(static one => one));
        Assert.Equal(read.Version + 1, (await store.FindAsync("t1", "a", default))!.Version);
        Assert.False(await store.UpdateAsync(New("nobody"), default));
    }

    [Fact]
    public async Task Of_all_who_open_one_for_the_same_call_one_does()
    {
        var store = await CreateAsync();
        var added = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(() => store.AddAsync(New($"a{i}"), default))));
        Assert.Equal(1, added.Count(static one => one));
    }

    [Fact]
    public async Task Lists_are_the_newest_first_filtered_and_counted()
    {
        var store = await CreateAsync();
        for (var i = 0; i < 5; i++)
        {
            await store.AddAsync(New($"a{i}", $"d{i}", minute: i), default);
        }

        await store.AddAsync(New("other", tenant: "t2"), default);
        await store.UpdateAsync(New("a4", "d4", minute: 4) with { Status = ApprovalStatus.Denied }, default);

        var page = await store.ListAsync("t1", new ApprovalQuery(ApprovalStatus.Pending, Offset: 1, Limit: 2), default);
        Assert.Equal(["a2", "a1"], page.Approvals.Select(static one => one.Id));
        Assert.Equal(4, page.Total);
        Assert.Equal(5, (await store.ListAsync("t1", new ApprovalQuery(Tool: "delete_record", Principal: "agent"), default)).Total);
        Assert.Equal(0, (await store.ListAsync("t1", new ApprovalQuery(Tool: "delete"), default)).Total);
        Assert.Equal(0, (await store.ListAsync("t1", new ApprovalQuery(Principal: "other"), default)).Total);
    }

    [Fact]
    public async Task Due_is_what_lives_past_its_time_and_what_is_not_on_record()
    {
        var store = await CreateAsync();
        await store.AddAsync(New("open", "d1"), default);
        await store.AddAsync(New("late", "d2") with { ExpiresAt = s_start.AddMinutes(1) }, default);
        await store.AddAsync(New("unrecorded", "d3") with { Votes = [new ApprovalVote("e", "user_1", true, s_start, null, IsRecorded: false)] }, default);
        await store.AddAsync(New("done", "d4", "t2") with { Status = ApprovalStatus.Denied, ExpiresAt = s_start }, default);

        Assert.Equal(["late", "unrecorded"], (await store.DueAsync(s_start.AddMinutes(1), 10, default)).Select(static one => one.Id));
        Assert.Single(await store.DueAsync(s_start.AddMinutes(1), 1, default));
        await store.PurgeAsync(s_start.AddDays(1), default);
        Assert.Null(await store.FindAsync("t2", "done", default));
        Assert.NotNull(await store.FindAsync("t1", "late", default));
    }
}
