using AgentGate.Content;
using AgentGate.Pipeline;
using AgentGate.Transactions;
using Microsoft.Extensions.AI;

namespace AgentGate.Chat;

/// <summary>The effect of a governed function: it runs with the arguments the permit holds.</summary>
internal sealed class FunctionEffect(AIFunction function, AIFunctionArguments arguments, ToolStep? step = null) : IEffect
{
    private Task<object?>? _invoked;

    /// <summary>What the function returned.</summary>
    public object? Result { get; private set; }

    /// <summary>What the function threw. Read from its task: the gate alone catches.</summary>
    public Exception? Cause => ChatEffect.CauseOf(_invoked);

    public async ValueTask<EffectResult> RunAsync(Permit permit, CancellationToken cancellationToken)
    {
        var judged = (JsonContent)permit.Use();
        permit.RecordTransport(judged.ToUtf8().Span);
        var permitted = new AIFunctionArguments { Services = arguments.Services, Context = arguments.Context };
        foreach (var (name, value) in ChatRebuild.Of(judged).Values(arguments, 0, 0, "arguments", freeze: false))
        {
            permitted[name] = value;
        }

        if (step is not null && await step.BeginAsync(judged.ToUtf8()) is { } refused)
        {
            return new EffectResult.Failed(refused) { NothingConsumed = true };
        }

        _invoked = InvokeAsync(permitted, cancellationToken);
        if (step is not null && await step.FollowAsync(_invoked) is { } lost)
        {
            return new EffectResult.Failed(lost);
        }

        Result = await _invoked;

        // The result stays in the process; a digest of it would be one of raw content.
        return new EffectResult.Complete(EmptyContent.Instance);
    }

    private async Task<object?> InvokeAsync(AIFunctionArguments permitted, CancellationToken cancellationToken)
        => await function.InvokeAsync(permitted, cancellationToken);
}
