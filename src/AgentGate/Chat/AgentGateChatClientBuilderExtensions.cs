using AgentGate.Chat;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.AI;

/// <summary>Puts the gate into a pipeline of chat clients.</summary>
public static class AgentGateChatClientBuilderExtensions
{
    /// <summary>
    /// Lets every call of the chat client pass the gate: decided, on record, personal data as tokens on the way out and as
    /// values on the way back, streamed or not. A model's tool calls are decided before the caller sees them.
    /// </summary>
    /// <param name="builder">The pipeline. Build it with the services that hold the gate: <c>builder.Build(services)</c>.</param>
    /// <param name="configure">Who the calls belong to. By default one principal <c>app</c> of the tenant <c>default</c>.</param>
    /// <returns>The same builder.</returns>
    /// <remarks>
    /// Add it last, next to the provider's client, so that every call of the loop of <c>UseFunctionInvocation()</c> passes.
    /// The client is thread-safe where the inner one is. It throws <see cref="AgentGateDeniedException"/> for a denial.
    /// </remarks>
    /// <exception cref="InvalidOperationException">
    /// Thrown when the client is built: the services hold no gate, or a function-invoking client stands between gate and provider.
    /// </exception>
    public static ChatClientBuilder UseAgentGate(this ChatClientBuilder builder, Action<GovernedChatOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use((inner, services) =>
        {
            var gate = services.GetService<Gate>() ?? throw new InvalidOperationException(
                "UseAgentGate() found no gate. Call services.AddAgentGate() and build the client with these services: builder.Build(services).");
            if (inner.GetService<FunctionInvokingChatClient>() is not null)
            {
                throw new InvalidOperationException(
                    "UseAgentGate() stands before UseFunctionInvocation(), so tools would run before the gate decides. Add UseAgentGate() last.");
            }

            var options = new GovernedChatOptions();
            configure?.Invoke(options);
            var door = new ChatDoor(
                gate,
                services.GetRequiredService<ToolCallDoor>(),
                services.GetRequiredService<IResponseLinks>(),
                services.GetRequiredService<IIdSource>(),
                services.GetRequiredService<TimeProvider>(),
                services.GetRequiredService<GateMetrics>())
            {
                Verifier = services.GetService<IIssuedVerifier>(),
            };
            return new GovernedChatClient(inner, door, options);
        });
    }
}
