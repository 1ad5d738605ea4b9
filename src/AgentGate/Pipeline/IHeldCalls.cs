using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>Where calls wait for people. Thread-safe. Throws when its store fails: the call stays undone.</summary>
internal interface IHeldCalls
{
    /// <summary>How long a held call waits where its door says nothing.</summary>
    TimeSpan Wait { get; }

    /// <summary>Puts a held call before people, or finds the approval that is open or given for exactly such a call.</summary>
    /// <returns>The approval's id, by which the call is resumed.</returns>
    ValueTask<string> OpenAsync(HeldCall held, CancellationToken cancellationToken);

    /// <summary>Waits until an approval is decided.</summary>
    /// <param name="tenant">Whose.</param>
    /// <param name="approvalId">The approval.</param>
    /// <param name="wait">How long at most.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away; the approval stays open.</param>
    ValueTask<HeldCallEnd> WaitAsync(string tenant, string approvalId, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Takes an approval for the call that it was given for: of all who ask, one gets it, once.</summary>
    /// <returns>The resumption; or why there is none.</returns>
    ValueTask<(Resumption? Resumption, Denial? Refused)> TakeAsync(GateCall call, string approvalId, CancellationToken cancellationToken);
}

/// <summary>What became of an approval that was waited for.</summary>
internal abstract record HeldCallEnd
{
    private HeldCallEnd()
    {
    }

    /// <summary>It was approved, and can be taken.</summary>
    public sealed record Approved : HeldCallEnd;

    /// <summary>It was refused, lapsed or used; no waiting helps.</summary>
    /// <param name="Denial">Why, in the words the caller gets.</param>
    public sealed record Refused(Denial Denial) : HeldCallEnd;

    /// <summary>Nobody decided in time; the call can be resumed later.</summary>
    public sealed record Open : HeldCallEnd;
}
