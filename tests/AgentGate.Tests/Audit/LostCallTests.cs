using AgentGate.Audit;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Tests.Audit;

/// <summary>What was acknowledged before it was on the disk, and is gone.</summary>
public sealed class LostCallTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly SharedScriptedLog _log = new();
    private readonly AuditMetrics _metrics = new();
    private readonly SystemIdSource _ids;
    private readonly DecisionRecorder _recorder;

    public LostCallTests()
    {
        _ids = new SystemIdSource(_time);
        _recorder = Recorder(AuditDurability.Write);
    }

    public async ValueTask DisposeAsync()
    {
        await _recorder.DisposeAsync();
        _metrics.Dispose();
    }

    [Fact]
    public async Task An_intent_that_is_gone_is_told_with_its_ids_and_names_and_without_its_certificate()
    {
        var intent = Entry(EntryKind.Intent, "1") with
        {
            ParentCallId = "0", Door = "openai.chat", Principal = "agent_1", Action = GateActions.CallModel, Resource = EntityRef.Model("m"),
            Targets = [new EffectTarget("p", "m")], Decision = DecisionKind.Allow, DecisionId = "d-1", CertificateHash = new string('a', 64),
        };
        await AppendAsync(intent);

        await BreakDownAsync(1);

        var told = Assert.Single(await ReadAsync(), entry => entry.Code == Codes.CallsLost);
        Assert.Equal((EntryKind.Outcome, "1", "0", "d-1", OutcomeKind.Unknown), (told.Kind, told.CallId, told.ParentCallId, told.DecisionId, told.Outcome));
        Assert.Equal(("openai.chat", "agent_1", GateActions.CallModel, EntityRef.Model("m")), (told.Door, told.Principal, told.Action, told.Resource));
        Assert.Equal(intent.Targets, told.Targets);
        Assert.Null(told.CertificateHash);
        Assert.Equal("the database lost the intent of this call; its effect may have run", told.Detail);
        Assert.Null(_recorder.Remark);
    }

    [Fact]
    public async Task An_outcome_that_is_gone_is_told_as_it_was_and_closes_its_call()
    {
        await AppendAsync(Entry(EntryKind.Intent, "1"));
        await AppendAsync(Entry(EntryKind.Intent, "2"));
        await AppendAsync(Entry(EntryKind.Outcome, "2") with { Outcome = OutcomeKind.Completed });
        await AppendAsync(Entry(EntryKind.Outcome, "1") with { Outcome = OutcomeKind.Completed });
        await AppendAsync(Entry(EntryKind.Intent, "3"));
        await AppendAsync(Entry(EntryKind.Outcome, "3") with { Outcome = OutcomeKind.Failed });

        // The second intent and everything behind it but the third one; another server closed the call of that.
        _log.OpenAgain.Add("1");
        await BreakDownAsync(2, 3, 4, 6);

        var told = (await ReadAsync()).Where(entry => entry.Code == Codes.CallsLost).ToDictionary(entry => entry.CallId!);
        Assert.Equal(["1", "2"], told.Keys.Order());
        Assert.Equal((OutcomeKind.Completed, "the database lost the intent and the outcome of this call"), (told["2"].Outcome, told["2"].Detail));
        Assert.Equal((OutcomeKind.Completed, "the database lost the outcome of this call"), (told["1"].Outcome, told["1"].Detail));
        Assert.Null(_recorder.Remark);
    }

    [Fact]
    public async Task What_is_still_there_is_not_told_and_is_looked_for_once_for_each_connection()
    {
        await AppendAsync(Entry(EntryKind.Intent, "1"));
        await AppendAsync(Entry(EntryKind.Admin));
        Assert.Empty(_log.Looked);

        _log.Session++;
        await AppendAsync(Entry(EntryKind.Admin));
        await AppendAsync(Entry(EntryKind.Admin));

        Assert.Equal([1], _log.Looked);
        Assert.DoesNotContain(await ReadAsync(), entry => entry.Code == Codes.CallsLost);
    }

    [Fact]
    public async Task A_server_without_calls_finds_out_too_and_what_is_on_the_disk_is_forgotten()
    {
        await AppendAsync(Entry(EntryKind.Intent, "1"));
        (_log.Session, _log.IsGone) = (2, mark => mark.Seq == 1);

        await _recorder.CloseOpenIntentsAsync(default);
        await UntilAsync(async () => (await ReadAsync()).Any(entry => entry.Code == Codes.CallsLost));

        await AppendAsync(Entry(EntryKind.Intent, "2"));
        await _recorder.CloseOpenIntentsAsync(default);
        await UntilAsync(() => Task.FromResult(_log.Appends[^1] == (0, true)));
        _log.Looked.Clear();
        _log.Session++;
        await AppendAsync(Entry(EntryKind.Admin));
        Assert.Empty(_log.Looked);
    }

    [Fact]
    public async Task What_is_remembered_is_bounded_because_the_store_is_asked_for_the_disk()
    {
        for (var i = 0; i < CallsInDoubt.KeptMax; i++)
        {
            await AppendAsync(Entry(EntryKind.Intent, $"{i}"));
        }

        Assert.All(_log.Appends, append => Assert.False(append.ToDisk));
        await AppendAsync(Entry(EntryKind.Intent, "next"));
        Assert.True(_log.Appends[^1].ToDisk);

        _log.Session++;
        await AppendAsync(Entry(EntryKind.Intent, "after"));
        Assert.Empty(_log.Looked);
    }

    [Fact]
    public async Task A_try_whose_answer_was_lost_is_not_made_twice()
    {
        await AppendAsync(Entry(EntryKind.Intent, "1"));
        (_log.StoresBeforeFailing, _log.Fails) = (true, batch => batch.Entries.Any(entry => entry.Body.Code == Codes.CallsLost) ? new IOException("lost") : null);
        await BreakDownAsync(1);
        Assert.StartsWith(Codes.CallsLost, _recorder.Remark, StringComparison.Ordinal);

        (_log.Fails, _log.Session, _log.IsGone) = (null, _log.Session + 1, static _ => false);
        _time.Advance(TimeSpan.FromSeconds(1));
        await AppendAsync(Entry(EntryKind.Admin));
        await UntilAsync(() => Task.FromResult(_recorder.Remark is null));

        Assert.Single(await ReadAsync(), entry => entry.Code == Codes.CallsLost);
        Assert.True((await new AuditVerifier(_log, new FixedLogKeySource(new LogKey("k1", new byte[32])), _recorder).VerifyAsync("a", default)).Valid);
    }

    [Fact]
    public async Task While_too_many_wait_to_be_told_no_effect_begins_and_denials_still_go_on_record()
    {
        _log.Fails = batch => batch.Entries.Any(entry => entry.Body.Code == Codes.CallsLost) ? new IOException("no") : null;
        for (var lost = 0; lost < CallsInDoubt.LostMax; lost += 512)
        {
            await Task.WhenAll(Enumerable.Range(lost, 512).Select(i => AppendAsync(Entry(EntryKind.Intent, $"{i}"))));
            (_log.Session, _log.IsGone) = (_log.Session + 1, static _ => true);
            await AppendAsync(Entry(EntryKind.Denied));
        }

        var refused = await Assert.ThrowsAsync<AuditUnavailableException>(() => AppendAsync(Entry(EntryKind.Intent, "more")));
        Assert.Equal(Codes.CallsLost, refused.Code);
        await AppendAsync(Entry(EntryKind.Denied));

        (_log.Fails, _log.IsGone) = (null, static _ => false);
        _time.Advance(TimeSpan.FromSeconds(1));
        await AppendAsync(Entry(EntryKind.Denied));
        await UntilAsync(() => Task.FromResult(_recorder.Remark is null));
        await AppendAsync(Entry(EntryKind.Intent, "more"));
        Assert.Equal(CallsInDoubt.LostMax, (await ReadAsync()).Count(entry => entry.Code == Codes.CallsLost));
    }

    [Fact]
    public async Task An_orderly_end_asks_for_the_disk()
    {
        await AppendAsync(Entry(EntryKind.Intent, "1"));
        await _recorder.DisposeAsync();
        Assert.Equal((0, true), _log.Appends[^1]);
    }

    [Fact]
    public async Task Where_a_commit_waits_for_the_disk_nothing_is_remembered()
    {
        await using var commit = Recorder(AuditDurability.Commit);
        await commit.AppendAsync(new DecisionRecord(Entry(EntryKind.Intent, "1")), default);
        (_log.Session, _log.IsGone) = (2, static _ => true);
        await commit.AppendAsync(new DecisionRecord(Entry(EntryKind.Admin)), default);
        Assert.Empty(_log.Looked);
    }

    private DecisionRecorder Recorder(AuditDurability durability) => new(
        _log, new FixedLogKeySource(new LogKey("k1", new byte[32])), new AuditOptions { Durability = durability }, _time, _ids, _metrics, NullLogger<DecisionRecorder>.Instance);

    private LogEntryBody Entry(EntryKind kind, string? callId = null)
        => new() { Id = _ids.NewId(), Kind = kind, At = _time.GetUtcNow(), Tenant = "a", CallId = callId };

    private async Task AppendAsync(LogEntryBody entry) => await _recorder.AppendAsync(new DecisionRecord(entry), default);

    private async Task<LogEntryBody[]> ReadAsync()
        => [.. (await _log.ReadChainAsync("a", 1, null, default).ToListAsync()).Select(e => LogEntryParser.Parse(e.Canonical.Span).Body)];

    /// <summary>A new connection, behind which these entries are gone; then something is appended.</summary>
    private async Task BreakDownAsync(params long[] gone)
    {
        (_log.Session, _log.IsGone) = (_log.Session + 1, mark => gone.Contains(mark.Seq));
        var before = _log.Appends.Count;
        await AppendAsync(Entry(EntryKind.Admin));
        await UntilAsync(() => Task.FromResult(_log.Appends.Count >= before + 2));
        await AppendAsync(Entry(EntryKind.Admin));
    }

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await holds())
        {
            await Task.Delay(5, patience.Token);
        }
    }
}
