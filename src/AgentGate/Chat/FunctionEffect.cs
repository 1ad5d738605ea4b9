using AgentGate.Content;
using AgentGate.Pipeline;
using Microsoft.Extensions.AI;

namespace AgentGate.Chat;

/// <summary>The effect of a governed function: it runs with the arguments the permit holds.</summary>
internal sealed class FunctionEffect(AIFunction function, AIFunctionArguments arguments) : IEffect
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

        _invoked = InvokeAsync(permitted, cancellationToken);
        Result = await _invoked;

        // The result stays in the process; a digest of it would be one of raw content.
        return new EffectResult.Complete(EmptyContent.Instance);
    }

    private async Task<object?> InvokeAsync(AIFunctionArguments permitted, CancellationToken cancellationToken)
        => await function.InvokeAsync(permitted, cancellationToken);
}
