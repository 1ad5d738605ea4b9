using System.Collections.Immutable;

namespace AgentGate.Pipeline;

/// <summary>
/// What the operator's own records say about a call, in words the operator chose: <c>change_window_open</c>,
/// <c>account_verified</c>. Policies see them as <c>context.facts</c>. Never from the caller's body.
/// </summary>
/// <remarks>Thread-safe. A throw, or an answer that comes too late, denies the call.</remarks>
public interface IFactSource
{
    /// <summary>The most facts one call may have.</summary>
    const int FactsMax = 256;

    /// <summary>The facts of a call; empty where there are none.</summary>
    /// <param name="call">The call, as the guards before left it.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away, or the deadline has passed.</param>
    ValueTask<ImmutableArray<string>> FactsOfAsync(GateCall call, CancellationToken cancellationToken);
}
