using System.Buffers;
using AgentGate.Audit;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="IAuditLog"/> must do. A test fails if an implementation has no suite derived from this.</summary>
public abstract class AuditLogConformance : IAsyncDisposable
{
    private static readonly LogKey Key = new("k1", new byte[32]);
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private readonly Dictionary<string, ChainHead> _heads = [];
    private int _number;

    private protected abstract Task<IAuditLog> CreateAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_fresh_log_is_empty()
    {
        var log = await CreateAsync();

        Assert.Empty(await log.ReadLogsAsync(default));
        Assert.Empty(await log.ReadAsync(new AuditQuery { Tenant = "a" }, default));
        Assert.Empty(await log.ReadOpenIntentsAsync(default));
        Assert.Empty(await log.ReadChainAsync("a", 1, null, default).ToListAsync());
    }

    [Fact]
    public async Task What_was_appended_reads_back_byte_for_byte_and_verifies()
    {
        var log = await CreateAsync();
        await AppendAsync(log, [.. Enumerable.Range(0, 2500).Select(_ => Body())]);

        var verifier = new ChainVerifier("a", _ => Key, ChainHead.Genesis, _heads["a"]);
        await foreach (var entry in log.ReadChainAsync("a", 1, null, default))
        {
            Assert.True(verifier.Add(entry.Seq, entry.Canonical.Span, entry.Hash.Span));
        }

        var result = verifier.Complete();
        Assert.True(result.Valid);
        Assert.Equal(2500, result.Checked);
    }

    [Fact]
    public async Task Each_tenant_has_a_log_of_its_own_and_sees_no_other()
    {
        var log = await CreateAsync();
        await AppendAsync(log, Body(), Body("b"), Body(), Body("b") with { Principal = "p" }, Body("b"));

        var logs = (await log.ReadLogsAsync(default)).OrderBy(l => l.Tenant, StringComparer.Ordinal).ToArray();
        Assert.Equal([("a", 2L), ("b", 3L)], logs.Select(l => (l.Tenant, l.LastSeq)));
        Assert.Equal(_heads["a"], logs[0].Head);
        Assert.Equal(_heads["b"], logs[1].Head);
        Assert.All(await log.ReadAsync(new AuditQuery { Tenant = "a" }, default), e => Assert.Equal("a", Parse(e).Tenant));
        Assert.Empty(await log.ReadAsync(new AuditQuery { Tenant = "a", Principal = "p" }, default));
        Assert.Empty(await log.ReadAsync(new AuditQuery { Tenant = "c" }, default));
    }

    [Fact]
    public async Task A_batch_that_does_not_fit_is_refused_whole()
    {
        var log = await CreateAsync();
        await AppendAsync(log, Body());
        var head = _heads["a"];
        await AppendAsync(log, Body());

        _heads["a"] = head;
        await Assert.ThrowsAnyAsync<Exception>(() => AppendAsync(log, Body("b"), Body()));

        Assert.Equal(2, Assert.Single(await log.ReadLogsAsync(default)).LastSeq);
        Assert.Empty(await log.ReadAsync(new AuditQuery { Tenant = "b" }, default));
        _heads.Clear();
        _heads["a"] = Assert.Single(await log.ReadLogsAsync(default)).Head;
        await AppendAsync(log, Body());
        Assert.Equal(3, Assert.Single(await log.ReadLogsAsync(default)).LastSeq);
    }

    [Fact]
    public async Task Every_filter_finds_what_it_names_and_nothing_else()
    {
        var log = await CreateAsync();
        var wanted = Body() with
        {
            Kind = EntryKind.Denied,
            Principal = "agent_1",
            Resource = EntityRef.Tool("crm/delete_record"),
            Action = "callTool",
            Code = "AG1203",
            Door = "anthropic.messages",
            CallId = "call-77",
            Detail = "100% sure_thing",
        };
        await AppendAsync(log, Body(), wanted, Body() with { Principal = "agent_2", Resource = EntityRef.Model("m") });

        await Finds(q => q with { Kind = EntryKind.Denied });
        await Finds(q => q with { Principal = "agent_1" });
        await Finds(q => q with { Resource = "crm/delete_record" });
        await Finds(q => q with { Action = "callTool" });
        await Finds(q => q with { Code = "AG1203" });
        await Finds(q => q with { Since = wanted.At, Until = wanted.At.AddMilliseconds(1) });
        await Finds(q => q with { Search = "DELETE_rec" });
        await Finds(q => q with { Search = "ropic.mess" });
        await Finds(q => q with { Search = "call-77" });
        await Finds(q => q with { Search = "0% s" });
        await Finds(q => q with { Kind = EntryKind.Denied, Code = "AG1203", Search = "agent" });
        Assert.Empty(await log.ReadAsync(new AuditQuery { Tenant = "a", Search = "1__% s" }, default));
        Assert.Empty(await log.ReadAsync(new AuditQuery { Tenant = "a", Search = "' OR 1=1 --" }, default));
        Assert.Empty(await log.ReadAsync(new AuditQuery { Tenant = "a", Kind = EntryKind.Denied, Principal = "agent_2" }, default));

        async Task Finds(Func<AuditQuery, AuditQuery> filter)
            => Assert.Equal(2, Assert.Single(await log.ReadAsync(filter(new AuditQuery { Tenant = "a" }), default)).Seq);
    }

    [Fact]
    public async Task Pages_do_not_move_while_the_log_grows()
    {
        var log = await CreateAsync();
        await AppendAsync(log, [.. Enumerable.Range(0, 25).Select(_ => Body())]);

        var seen = new List<long>();
        long? cursor = null;
        while (true)
        {
            var page = await log.ReadAsync(new AuditQuery { Tenant = "a", Limit = 10, BeforeSeq = cursor }, default);
            seen.AddRange(page.Select(e => e.Seq));
            if (page.Count < 10)
            {
                break;
            }

            cursor = page[^1].Seq;
            await AppendAsync(log, Body(), Body());
        }

        Assert.Equal(Enumerable.Range(1, 25).Reverse().Select(i => (long)i), seen);
    }

    [Fact]
    public async Task A_chain_can_be_read_from_a_number_and_from_a_time_on()
    {
        var log = await CreateAsync();
        await AppendAsync(log, [.. Enumerable.Range(0, 10).Select(_ => Body())]);

        Assert.Equal([8, 9, 10], await log.ReadChainAsync("a", 8, null, default).Select(e => e.Seq).ToListAsync());
        Assert.Equal([6, 7, 8, 9, 10], await log.ReadChainAsync("a", 1, Start.AddSeconds(6), default).Select(e => e.Seq).ToListAsync());
    }

    [Fact]
    public async Task An_intent_is_open_until_its_outcome()
    {
        var log = await CreateAsync();
        await AppendAsync(log, Call("1", EntryKind.Intent), Call("2", EntryKind.Intent), Call("3", EntryKind.Denied), Call("1", EntryKind.Intent, "b"));
        await AppendAsync(log, Call("1", EntryKind.Outcome));

        var open = await log.ReadOpenIntentsAsync(default);
        Assert.Equal([("a", "2"), ("b", "1")], open.Select(e => (e.Body.Tenant, e.Body.CallId!)));
        await AppendAsync(log, Call("2", EntryKind.Outcome), Call("1", EntryKind.Outcome, "b"), Call("9", EntryKind.Intent), Call("9", EntryKind.Outcome));
        Assert.Empty(await log.ReadOpenIntentsAsync(default));
    }

    private protected async Task AppendAsync(IAuditLog log, params LogEntryBody[] bodies)
    {
        var batch = new AuditBatch();
        foreach (var body in bodies)
        {
            var bytes = new ArrayBufferWriter<byte>();
            var head = LogChain.Append(bytes, body, _heads.GetValueOrDefault(body.Tenant, ChainHead.Genesis), Key);
            _heads[body.Tenant] = batch.Heads[body.Tenant] = head;
            batch.Entries.Add(new ChainedEntry(body, bytes.WrittenMemory, head));
        }

        await log.AppendAsync(batch, default);
    }

    private protected LogEntryBody Call(string id, EntryKind kind, string tenant = "a") => Body(tenant) with { Kind = kind, CallId = id };

    private protected LogEntryBody Body(string tenant = "a") => new()
    {
        Id = $"id-{++_number}",
        Kind = EntryKind.Admin,
        At = Start.AddSeconds(_number),
        Tenant = tenant,
        Detail = "é \"quoted\"",
    };

    private static LogEntryBody Parse(StoredEntry entry) => LogEntryParser.Parse(entry.Canonical.Span).Body;
}
