using AgentGate.Pipeline;

namespace AgentGate.Traces;

/// <summary>Reads the traces of calls. They are written by the log, in the transaction of the entry that ends the call.</summary>
internal interface ITraceStore
{
    /// <summary>The traces a query names, newest first.</summary>
    ValueTask<IReadOnlyList<CallTrace>> ListAsync(TraceQuery query, CancellationToken cancellationToken);

    /// <summary>One trace, or <see langword="null"/> where the tenant has none with this id.</summary>
    ValueTask<CallTrace?> FindAsync(string tenant, string callId, CancellationToken cancellationToken);

    /// <summary>The tenant's newest trace, or <see langword="null"/>.</summary>
    ValueTask<CallTrace?> LatestAsync(string tenant, CancellationToken cancellationToken);
}
