using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Transactions;
using Microsoft.Extensions.AI;

namespace AgentGate.Chat;

/// <summary>A function whose every invocation is a call of the gate.</summary>
internal sealed class GovernedFunction(Gate gate, AIFunction function, GovernedFunctionOptions governed) : DelegatingAIFunction(function)
{
    /// <summary>The door's name in records.</summary>
    public const string Door = "sdk.tool";

    protected override async ValueTask<object?> InvokeCoreAsync(AIFunctionArguments arguments, CancellationToken cancellationToken)
    {
        var (tree, fault) = ChatDocument.Arguments(arguments);
        if (tree is null)
        {
            throw new AgentGateDeniedException(new Denial(fault!.Code, fault.Message, DenialKind.Invalid), callId: null);
        }

        var call = new GateCall
        {
            Id = gate.Ids.NewId(),
            Door = Door,
            Principal = SdkPrincipal.Of(governed.PrincipalId(arguments), governed.Tenant(arguments)),
            Action = GateActions.CallTool,
            Resource = EntityRef.Tool(Name),
            Content = new ChatReading(tree, "").Arguments(),
            ArgumentsAt = "/arguments",
            Targets = [new EffectTarget("process", Name)],
            Context = new CallContext { At = gate.Time.GetUtcNow(), SessionName = governed.SessionName(arguments), DelegationRef = governed.Delegation(arguments) },
        };
        var step = ToolStep.Of(gate, call);
        var effect = new FunctionEffect(InnerFunction, arguments, step);
        return await gate.RunAsync(call, effect, cancellationToken) switch
        {
            GateResult.Completed => effect.Result,
            GateResult.Denied denied => throw Noted(step, SdkOutcome.Of(denied.Denial, call.Id, effect.Cause, denied.Certificate)),
            GateResult.Failed failed => throw Noted(step, SdkOutcome.Of(failed.Denial, call.Id, effect.Cause, failed.Certificate)),
            _ => throw new InvalidOperationException($"{Codes.EffectFailed}: a function does not stream."),
        };
    }

    private static Exception Noted(ToolStep? step, Exception failure) => step?.Note(failure) ?? failure;
}
