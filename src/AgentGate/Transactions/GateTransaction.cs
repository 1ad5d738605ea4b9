using AgentGate.Pipeline;

namespace AgentGate.Transactions;

/// <summary>
/// Calls of governed tools that are undone together. The calls made in the flow of execution of this object are its steps, until it is
/// committed or disposed. A transaction begun inside another commits into it.
/// </summary>
/// <remarks>
/// Thread-safe: steps may run side by side. A transaction that is disposed without <see cref="CommitAsync"/> is rolled back: the steps are
/// undone from the last one to the first. What a process leaves behind that ends meanwhile is undone by the next one.
/// </remarks>
public sealed partial class GateTransaction : IAsyncDisposable
{
    private readonly TransactionDesk _desk;
    private readonly TransactionRoot _root;
    private readonly List<LiveStep> _steps = [];
    private readonly List<GateTransaction> _inner = [];
    private readonly Dictionary<string, Compensation> _own = new(StringComparer.Ordinal);
    private TransactionState _state = TransactionState.Active;
    private bool _isClosing;
    private StoredTransaction? _stored;
    private Task<Kernel.Decisions.Denial?>? _begun;
    private Lazy<Task<TransactionReport>>? _rollback;
    private TaskCompletionSource? _idle;
    private int _running;
    private Exception? _cause;

    internal GateTransaction(Gate gate, TransactionDesk desk, string? name, GateTransaction? outer, GateTransaction? around)
    {
        (Gate, _desk, Name, Outer, Around, Id) = (gate, desk, name, outer, around, desk.Ids.NewId());
        _root = outer?._root ?? new TransactionRoot(new TransactionLease(Id, desk.Owner, 1), desk.Time.GetUtcNow() + desk.Options.DurationMax);
        if (outer is not null)
        {
            lock (_root.Lock)
            {
                if (outer._state != TransactionState.Active || outer._isClosing)
                {
                    throw new InvalidOperationException($"The transaction {outer.Id} has ended, so that none can begin in it. Dispose it first.");
                }

                outer._inner.Add(this);
            }
        }
    }

    /// <summary>Its id, as log, report and store name it.</summary>
    public string Id { get; }

    /// <summary>Its name, or <see langword="null"/>.</summary>
    public string? Name { get; }

    /// <summary>How far it is.</summary>
    public TransactionState State
    {
        get
        {
            lock (_root.Lock)
            {
                return _state;
            }
        }
    }

    /// <summary>Its steps, in the order they were begun, those of transactions committed into it included. A copy.</summary>
    public IReadOnlyList<TransactionStep> Steps
    {
        get
        {
            lock (_root.Lock)
            {
                return
                [
                    .. _steps.Select(step => step.Stored).OrderBy(step => step.Seq)
                        .Select(step => new TransactionStep(step.CallId, step.Tool, step.Compensation ?? _desk.Registry.OfTool(step.Tool)?.Name, step.State)),
                ];
            }
        }
    }

    internal Gate Gate { get; }

    internal Microsoft.Extensions.Logging.ILogger Logger => _desk.Logger;

    /// <summary>The transaction it commits into.</summary>
    internal GateTransaction? Outer { get; }

    /// <summary>The transaction of the flow it was begun in, whatever gate that belongs to.</summary>
    internal GateTransaction? Around { get; }

    /// <summary>Says what undoes a tool's steps in this transaction, in place of what the tool declares: those that were made, and those to come.</summary>
    /// <param name="tool">The name of the tool.</param>
    /// <param name="compensation">What undoes a step.</param>
    /// <param name="cancellationToken">Cancels, before anything is put down.</param>
    /// <exception cref="InvalidOperationException">The transaction has ended, or what is declared of its steps could not be put down.</exception>
    public async ValueTask CompensateAsync(string tool, Compensation compensation, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(tool);
        ArgumentNullException.ThrowIfNull(compensation);
        cancellationToken.ThrowIfCancellationRequested();
        _desk.Registry.Know(compensation, isInternal: Gate.Tools?.IsInternal(tool) is true, [], Gate.Tools);
        List<LiveStep> made;
        lock (_root.Lock)
        {
            if (_state != TransactionState.Active)
            {
                throw new InvalidOperationException($"The transaction {Id} has ended; nothing more can be declared in it.");
            }

            _own[tool] = compensation;
            made = [.. _steps.Where(step => step.Stored.Tool == tool)];
        }

        foreach (var step in made)
        {
            await RenameAsync(step, compensation.Name);
        }
    }

    /// <summary>
    /// Commits: nothing of it will be undone; inside another transaction, its steps become steps of that one. Waits for steps that still run.
    /// </summary>
    /// <param name="cancellationToken">Cancels, before anything is done.</param>
    /// <exception cref="TransactionFailedException">It could not be committed and was rolled back.</exception>
    /// <exception cref="InvalidOperationException">It has ended, or a transaction inside it has not.</exception>
    public async ValueTask CommitAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_root.Lock)
        {
            if (_state != TransactionState.Active || _isClosing)
            {
                throw new InvalidOperationException($"The transaction {Id} has ended; it cannot be committed.");
            }

            if (_inner.Count > 0)
            {
                throw new InvalidOperationException($"The transaction {_inner[0].Id} inside {Id} has not ended; commit, roll back or dispose it first.");
            }

            _isClosing = true;
        }

        if (await CommitOnceAsync() is { } obstacle)
        {
            throw new TransactionFailedException(await RollbackAsync(), obstacle);
        }
    }

    /// <summary>Rolls back: every step is undone, the last one first. Also where a compensation fails, the others run.</summary>
    /// <returns>What was undone, what was not, and why. Asked again, the same.</returns>
    /// <remarks>Waits for steps that still run, for a while, and is not cancelled: each compensation has its timeout.</remarks>
    /// <exception cref="InvalidOperationException">It was committed.</exception>
    public async ValueTask<TransactionReport> RollbackAsync()
    {
        Lazy<Task<TransactionReport>> rollback;
        lock (_root.Lock)
        {
            if (_state is TransactionState.Committed or TransactionState.Joined)
            {
                throw new InvalidOperationException($"The transaction {Id} was committed; it cannot be rolled back.");
            }

            rollback = CloseForRollback();
        }

        return await rollback.Value;
    }

    /// <summary>Rolls back what was not committed.</summary>
    /// <exception cref="TransactionFailedException">
    /// It was not committed, and a step failed (the exception's cause), or some step was not undone. Where the block was left for another reason
    /// and all was undone, nothing is thrown; an exception that leaves the block goes on.
    /// </exception>
    public ValueTask DisposeAsync()
    {
        // Here and not behind an await: the caller's flow leaves the transaction.
        AmbientTransaction.Leave(this);
        lock (_root.Lock)
        {
            if (_state != TransactionState.Active || _rollback is not null)
            {
                return ValueTask.CompletedTask;
            }
        }

        return EndAsync();
    }

    private async ValueTask EndAsync()
    {
        var report = await RollbackAsync();
        Exception? cause;
        lock (_root.Lock)
        {
            cause = _cause;
        }

        if (cause is not null || !report.IsComplete)
        {
            throw new TransactionFailedException(report, cause);
        }
    }
}
