namespace AgentGate.Pipeline;

/// <summary>
/// One change of what is in force at a time: whoever changes the store and then memory, and whoever reads the store to put it in memory,
/// takes the same turn. So no reading is put in force that is older than a change made meanwhile. Thread-safe.
/// </summary>
#pragma warning disable CA1001 // Nothing to dispose of: the wait handle of the semaphore is never asked for.
internal sealed class ChangeTurn
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    /// <summary>Waits for its turn.</summary>
    /// <returns>What ends the turn when it is disposed of.</returns>
    public async ValueTask<Taken> TakeAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        return new Taken(_turn);
    }

    /// <summary>A turn that somebody has.</summary>
    internal readonly struct Taken(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
