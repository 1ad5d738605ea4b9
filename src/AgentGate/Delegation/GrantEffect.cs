using AgentGate.Content;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace AgentGate.Delegation;

/// <summary>Puts a grant or a revocation in force, in the store and then in this process, as the permit says.</summary>
/// <param name="apply">Makes the change, given the id of the call it is part of; says why it could not be made.</param>
internal sealed class GrantEffect(Func<string, Task<GrantRefusal?>> apply) : IEffect
{
    /// <summary>Why the change was not made after all.</summary>
    public GrantRefusal? Refusal { get; private set; }

    public async ValueTask<EffectResult> RunAsync(Permit permit, CancellationToken cancellationToken)
    {
        permit.RecordTransport(permit.Use().ToUtf8().Span);

        // Not cancelled half-way: who goes away now still gets an outcome that says what became of it.
        Refusal = await apply(permit.CallId);
        return Refusal is null
            ? new EffectResult.Complete(EmptyContent.Instance)
            : new EffectResult.Failed(new Denial(Refusal.Code, Refusal.Detail, DenialKind.Invalid)) { NothingConsumed = true };
    }
}
