using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>Looks at a call before its effect and answers a verdict. Never acts, never catches on behalf of the gate.</summary>
/// <remarks>Implementations are shared by all calls and must be thread-safe. A throw, a hang or a null answer closes the gate.</remarks>
public interface IRequestGuard
{
    /// <summary>Judges a call.</summary>
    /// <param name="context">The call and its scope.</param>
    /// <param name="cancellationToken">Cancelled when the caller goes away. A deadline does not cancel: the gate stops waiting.</param>
    ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken);
}
