using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Traces;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="ITraceStore"/> must do.</summary>
public abstract class TraceStoreConformance : IAsyncDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>A store that keeps this many traces, and the way traces get into it.</summary>
    private protected abstract Task<(ITraceStore Store, Func<CallTrace, Task> Add)> CreateAsync(int capacity);

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_trace_reads_back_whole()
    {
        var (store, add) = await CreateAsync(100);
        var trace = Trace(1) with
        {
            ParentCallId = "p",
            Code = "AG1",
            Reason = "Because.",
            Verdicts = [new VerdictRecord("Pii", "transform", null, true, false, [new Finding("SSN", "/a", 2, "note")], TimeSpan.FromTicks(123))],
            Sent = "My SSN is <SSN_1> é",
            SentCut = true,
            Salt = "00ff",
            Usage = new Usage(1, 2),
            Targets = [new EffectTarget("openai", "m", "eu")],
            Unread = ["image"],
        };
        await add(trace);

        var read = await store.FindAsync("a", trace.CallId, default);
        Assert.NotNull(read);
        Assert.Equal(Text(trace), Text(read));
        Assert.Equal(TimeSpan.FromTicks(123), Assert.Single(read.Verdicts).Elapsed);
    }

    [Fact]
    public async Task A_trace_of_another_tenant_does_not_exist()
    {
        var (store, add) = await CreateAsync(100);
        await add(Trace(1));

        Assert.Null(await store.FindAsync("b", "call-1", default));
        Assert.Null(await store.LatestAsync("b", default));
        Assert.Empty(await store.ListAsync(new TraceQuery { Tenant = "b" }, default));
    }

    [Fact]
    public async Task Lists_are_newest_first_filtered_and_paged()
    {
        var (store, add) = await CreateAsync(100);
        for (var i = 1; i <= 6; i++)
        {
            await add(Trace(i));
        }

        await add(Trace(7) with
        {
            Door = "sdk.chat", Principal = "agent_2", Action = "callTool", Resource = EntityRef.Tool("t"), Decision = DecisionKind.Deny, Outcome = null,
        });

        Assert.Equal("call-7", (await store.LatestAsync("a", default))?.CallId);
        Assert.Equal(["call-7", "call-6"], await Ids(new TraceQuery { Tenant = "a", Limit = 2 }));
        Assert.Equal(["call-5", "call-4"], await Ids(new TraceQuery { Tenant = "a", Limit = 2, Offset = 2 }));
        Assert.Equal(["call-7"], await Ids(new TraceQuery { Tenant = "a", Status = "denied" }));
        Assert.Equal(["call-7"], await Ids(new TraceQuery { Tenant = "a", Decision = "deny" }));
        Assert.Equal(["call-7"], await Ids(new TraceQuery { Tenant = "a", Action = "callTool" }));
        Assert.Equal(["call-7"], await Ids(new TraceQuery { Tenant = "a", Resource = "t" }));
        Assert.Equal(["call-7"], await Ids(new TraceQuery { Tenant = "a", Principal = "agent_2" }));
        Assert.Equal(["call-7"], await Ids(new TraceQuery { Tenant = "a", Door = "sdk.chat" }));
        Assert.Equal(["call-7", "call-6"], await Ids(new TraceQuery { Tenant = "a", Since = Start.AddSeconds(6) }));
        Assert.Equal(6, (await Ids(new TraceQuery { Tenant = "a", Status = "completed" })).Length);

        async Task<string[]> Ids(TraceQuery query) => [.. (await store.ListAsync(query, default)).Select(t => t.CallId)];
    }

    [Fact]
    public async Task The_oldest_traces_go_when_the_bound_is_reached()
    {
        var (store, add) = await CreateAsync(3);
        for (var i = 1; i <= 10; i++)
        {
            await add(Trace(i));
        }

        Assert.Equal(["call-10", "call-9", "call-8"], (await store.ListAsync(new TraceQuery { Tenant = "a" }, default)).Select(t => t.CallId));
        Assert.Null(await store.FindAsync("a", "call-7", default));
    }

    [Fact]
    public async Task A_second_trace_of_a_call_replaces_the_first()
    {
        var (store, add) = await CreateAsync(100);
        await add(Trace(1) with { Decision = DecisionKind.Hold, Outcome = null });
        await add(Trace(2));
        await add(Trace(1));

        Assert.Equal(["call-1", "call-2"], (await store.ListAsync(new TraceQuery { Tenant = "a" }, default)).Select(t => t.CallId));
        Assert.Equal(OutcomeKind.Completed, (await store.FindAsync("a", "call-1", default))?.Outcome);
    }

    private static string Text(CallTrace trace) => System.Text.Json.JsonSerializer.Serialize(trace);

    private static CallTrace Trace(int number) => new()
    {
        CallId = $"call-{number}",
        Tenant = "a",
        Door = "openai.chat",
        Principal = "agent_1",
        Action = GateActions.CallModel,
        Resource = EntityRef.Model("m"),
        StartedAt = Start.AddSeconds(number),
        Duration = TimeSpan.FromMilliseconds(number),
        Decision = DecisionKind.Allow,
        Outcome = OutcomeKind.Completed,
    };
}
