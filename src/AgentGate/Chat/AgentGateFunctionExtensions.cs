using AgentGate.Chat;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;

namespace Microsoft.Extensions.AI;

/// <summary>Puts functions of the application behind the gate.</summary>
public static class AgentGateFunctionExtensions
{
    /// <summary>Lets every invocation of a function pass the gate as a <c>callTool</c>, and run with the arguments the decision covers.</summary>
    /// <param name="gate">The gate.</param>
    /// <param name="function">The function.</param>
    /// <param name="configure">Who the calls belong to, and whether the function may see real values.</param>
    /// <returns>A function with the same name, description and schema. Thread-safe where the inner one is.</returns>
    /// <remarks>
    /// A denied invocation throws <see cref="AgentGateDeniedException"/>, and nothing ran. The result passes as it is; it is
    /// tokenised when it goes to a model. A function that is not internal gets tokens in place of personal data.
    /// </remarks>
    /// <exception cref="ArgumentException">An effect is none of the closed set.</exception>
    /// <exception cref="InvalidOperationException">The function is internal or declares its arguments, and the gate was installed without a tool catalogue.</exception>
    public static AIFunction Govern(this Gate gate, AIFunction function, Action<GovernedFunctionOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentNullException.ThrowIfNull(function);
        var options = new GovernedFunctionOptions();
        configure?.Invoke(options);
        if (options.IsInternal)
        {
            var tools = gate.Tools ?? throw new InvalidOperationException("This gate knows no tool catalogue; install it with services.AddAgentGate().");
            tools.Register(function.Name, isInternal: true);
        }

        foreach (var effect in options.Effects.Concat(options.Arguments.SelectMany(argument => argument.Effects)))
        {
            if (!GateActions.Effects.Contains(effect, StringComparer.Ordinal))
            {
                throw new ArgumentException($"\"{effect}\" is no effect; the effects are {string.Join(", ", GateActions.Effects)}.", nameof(configure));
            }
        }

        if (options.Effects.Count > 0 || options.Groups.Count > 0)
        {
            var tools = gate.Tools ?? throw new InvalidOperationException("This gate knows no tool catalogue; install it with services.AddAgentGate().");
            tools.Describe(function.Name, new ToolDeclaration([.. options.Effects], [.. options.Groups]));
        }

        if (options.Arguments.Count > 0)
        {
            var tools = gate.Tools ?? throw new InvalidOperationException("This gate knows no tool catalogue; install it with services.AddAgentGate().");
            tools.Declare(function.Name, [.. options.Arguments]);
        }

        if (options.Compensation is { } compensation)
        {
            gate.Compensate(function.Name, compensation);
        }

        return new GovernedFunction(gate, function, options);
    }
}
