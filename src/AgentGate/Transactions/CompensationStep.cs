using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentGate.Transactions;

/// <summary>The step that a compensation undoes: what the tool got and what it gave, as the gate lets the compensation see it. Immutable.</summary>
public sealed class CompensationStep
{
    internal CompensationStep(StoredStep step, JsonElement input, JsonElement? output, bool isKnown)
    {
        (TransactionId, CallId, Tool, Input, Output, IsKnownToHaveHappened) = (step.TransactionId, step.CallId, step.Tool, input, output, isKnown);
        IdempotencyKey = StepRules.KeyOf(step);
    }

    /// <summary>The transaction.</summary>
    public string TransactionId { get; }

    /// <summary>The call of the step, as log and traces name it.</summary>
    public string CallId { get; }

    /// <summary>The tool.</summary>
    public string Tool { get; }

    /// <summary>
    /// One and the same for this step over all tries and restarts, and no other step's: hand it to the other side, so that undoing twice
    /// undoes once.
    /// </summary>
    public string IdempotencyKey { get; }

    /// <summary>What the tool got: an object with its arguments.</summary>
    public JsonElement Input { get; }

    /// <summary>What the tool gave, or <see langword="null"/> where that is not known: it did not come back, or has no JSON form.</summary>
    public JsonElement? Output { get; }

    /// <summary>Whether the tool returned. <see langword="false"/> only where <see cref="Compensation.IsIdempotent"/>.</summary>
    public bool IsKnownToHaveHappened { get; }

    /// <summary>One argument the tool got.</summary>
    /// <typeparam name="T">What to read it as.</typeparam>
    /// <param name="argument">Its name.</param>
    /// <exception cref="KeyNotFoundException">The tool got no such argument.</exception>
    /// <exception cref="JsonException">It is not such a value.</exception>
    public T? ReadInput<T>(string argument)
        => Input.TryGetProperty(argument, out var value)
            ? value.Deserialize<T>(AIJsonUtilities.DefaultOptions)
            : throw new KeyNotFoundException($"The tool {Tool} got no argument \"{argument}\".");

    /// <summary>What the tool gave.</summary>
    /// <typeparam name="T">What to read it as.</typeparam>
    /// <returns>The default of the type where it is not known.</returns>
    /// <exception cref="JsonException">It is not such a value.</exception>
    public T? ReadOutput<T>() => Output is { } output ? output.Deserialize<T>(AIJsonUtilities.DefaultOptions) : default;
}
