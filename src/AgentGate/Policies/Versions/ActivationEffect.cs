using AgentGate.Content;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Policies.Versions;

/// <summary>Puts a version in force, in the store and then in this process, as the permit says.</summary>
/// <param name="apply">Makes the change; given the id of the call it is part of.</param>
internal sealed class ActivationEffect(Func<string, Task<PolicyChange>> apply) : IEffect
{
    /// <summary>What became of the change; <see langword="null"/> while it was not tried.</summary>
    public PolicyChange? Change { get; private set; }

    public async ValueTask<EffectResult> RunAsync(Permit permit, CancellationToken cancellationToken)
    {
        permit.RecordTransport(permit.Use().ToUtf8().Span);

        // Not cancelled half-way: who goes away now still gets an outcome that says what became of it.
        Change = await apply(permit.CallId);
        return Change == PolicyChange.Done
            ? new EffectResult.Complete(EmptyContent.Instance)
            : new EffectResult.Failed(new Denial(
                Codes.PolicyConflict, "Another version came into force, or the draft changed, while this was decided.", DenialKind.Invalid))
            {
                NothingConsumed = true,
            };
    }
}
