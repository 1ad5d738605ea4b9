using System.Runtime.CompilerServices;
using AgentGate.Audit;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Tests.Audit;

/// <summary>A log that can fail, lie about failing, and be held up.</summary>
internal sealed class ScriptedLog : IAuditLog
{
    private readonly InMemoryAuditLog _inner = new(new AuditOptions { InMemoryEntries = 1_000_000 });

    public List<int> Batches { get; } = [];

    public Exception? Failure { get; set; }

    /// <summary>Why a batch is refused as it is; nothing of it is stored then.</summary>
    public Func<AuditBatch, Exception?>? Refuses { get; set; }

    /// <summary>How many appends were asked for.</summary>
    public int Appends { get; private set; }

    /// <summary>Whether the entries are stored although the append throws: a commit whose answer got lost.</summary>
    public bool StoresBeforeFailing { get; set; }

    /// <summary>While not completed, appends wait for it.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>Completed when an append waits at <see cref="Gate"/>.</summary>
    public TaskCompletionSource Entered { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Holds up what is appended from now on.</summary>
    /// <returns>What ends it.</returns>
    public TaskCompletionSource Hold()
    {
        Entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return Gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public async ValueTask AppendAsync(AuditBatch batch, CancellationToken cancellationToken)
    {
        if (Gate is { } gate)
        {
            Entered.TrySetResult();
            await gate.Task;
        }

        Appends++;
        if (Refuses?.Invoke(batch) is { } refusal)
        {
            throw refusal;
        }

        if (Failure is null || StoresBeforeFailing)
        {
            await _inner.AppendAsync(batch, cancellationToken);
            Batches.Add(batch.Entries.Count);
        }

        if (Failure is { } failure)
        {
            throw failure;
        }
    }

    public bool IsRefusal(Exception failure) => failure is ArgumentException;

    public ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public ValueTask<IReadOnlyList<StoredLog>> ReadLogsAsync(CancellationToken cancellationToken) => _inner.ReadLogsAsync(cancellationToken);

    public ValueTask<IReadOnlyList<StoredEntry>> ReadAsync(AuditQuery query, CancellationToken cancellationToken) => _inner.ReadAsync(query, cancellationToken);

    public async IAsyncEnumerable<StoredEntry> ReadChainAsync(
        string tenant, long fromSeq, DateTimeOffset? since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var entry in _inner.ReadChainAsync(tenant, fromSeq, since, cancellationToken))
        {
            yield return entry;
        }
    }

    public ValueTask<IReadOnlyList<LogEntry>> ReadOpenIntentsAsync(CancellationToken cancellationToken) => _inner.ReadOpenIntentsAsync(cancellationToken);
}

/// <summary>A recorder over a scripted log, with a clock that stands still.</summary>
internal sealed class RecorderBench : IAsyncDisposable
{
    private readonly AuditMetrics _metrics = new();

    public RecorderBench(AuditOptions? options = null, IAuditLog? log = null)
    {
        Ids = new SystemIdSource(Time);
        Log = log as ScriptedLog ?? new ScriptedLog();
        Recorder = new DecisionRecorder(
            log ?? Log, Keys, options ?? new AuditOptions(), Time, Ids, _metrics, NullLogger<DecisionRecorder>.Instance);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public SystemIdSource Ids { get; }

    public FixedLogKeySource Keys { get; } = new(new LogKey("k1", new byte[32]));

    public ScriptedLog Log { get; }

    public DecisionRecorder Recorder { get; }

    public LogEntryBody Entry(string tenant = "a", EntryKind kind = EntryKind.Admin, string? callId = null)
        => new() { Id = Ids.NewId(), Kind = kind, At = Time.GetUtcNow(), Tenant = tenant, CallId = callId };

    public Task AppendAsync(LogEntryBody? entry = null, CancellationToken cancellationToken = default)
        => Recorder.AppendAsync(new DecisionRecord(entry ?? Entry()), cancellationToken).AsTask();

    public Task<ChainVerification> VerifyAsync(string tenant = "a")
        => new AuditVerifier(Log, Keys, Recorder).VerifyAsync(tenant, default);

    public async Task<LogEntryBody[]> ReadAsync(string tenant = "a")
        => [.. (await Log.ReadChainAsync(tenant, 1, null, default).ToListAsync()).Select(e => LogEntryParser.Parse(e.Canonical.Span).Body)];

    public async ValueTask DisposeAsync()
    {
        await Recorder.DisposeAsync();
        _metrics.Dispose();
    }
}
