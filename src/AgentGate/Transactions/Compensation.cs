using Microsoft.Extensions.AI;

namespace AgentGate.Transactions;

/// <summary>What undoes a step of a transaction. It runs as a call of the gate, under its own name. Immutable.</summary>
/// <remarks>
/// A compensation that throws says that it did nothing, and is tried again. One that runs past its timeout, or whose process ends, says
/// nothing: it is tried again only where <see cref="IsIdempotent"/>, and reported otherwise.
/// </remarks>
public sealed class Compensation
{
    /// <summary>The name that stands for "there is nothing to undo".</summary>
    internal const string NothingName = "none";

    private const int NameMax = 64;

    /// <summary>A compensation.</summary>
    /// <param name="name">
    /// Its name: 1 to 64 letters, digits, <c>_</c>, <c>-</c> or <c>.</c>. Policies decide on it as on a tool, and after a crash it is found
    /// again by it: register it at every start, under the same name.
    /// </param>
    /// <param name="undo">Undoes a step. Must be thread-safe.</param>
    /// <exception cref="ArgumentException">The name is none.</exception>
    public Compensation(string name, Func<CompensationStep, CancellationToken, ValueTask> undo)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(undo);
        if (!IsName(name) || name == NothingName)
        {
            throw new ArgumentException($"\"{name}\" is no name of a compensation; take 1 to {NameMax} letters, digits, \"_\", \"-\" or \".\", and not \"{NothingName}\".", nameof(name));
        }

        (Name, Undo) = (name, undo);
    }

    private Compensation() => (Name, Undo) = (NothingName, (_, _) => ValueTask.CompletedTask);

    /// <summary>Says of a tool that there is nothing to undo: it reads, or what it does does not matter.</summary>
    public static Compensation Nothing { get; } = new();

    /// <summary>Its name, as policies and the log know it.</summary>
    public string Name { get; }

    /// <summary>
    /// Whether it may run although nobody knows whether the step happened, or whether it ran before: it knows its key again, and does
    /// nothing where there is nothing to undo.
    /// </summary>
    /// <value>The default is <see langword="false"/>: what is unknown is reported and left alone.</value>
    public bool IsIdempotent { get; init; }

    /// <summary>Whether it sees real values, as an internal tool does (docs/sdk.md). "Internal" belongs to the name in the whole process.</summary>
    /// <value>The default is <see langword="null"/>: as the tool whose registration declares it; otherwise it sees tokens.</value>
    public bool? IsInternal { get; init; }

    /// <summary>How long one try may take.</summary>
    /// <value>The default is <see langword="null"/>: <see cref="TransactionsOptions.CompensationTimeout"/>.</value>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How often it is tried.</summary>
    /// <value>The default is <see langword="null"/>: <see cref="TransactionsOptions.CompensationTries"/>.</value>
    public int? Tries { get; init; }

    /// <summary>What it does: <c>read</c>, <c>write</c>, <c>delete</c>, <c>send</c>, <c>pay</c>. Policies can ask for it.</summary>
    /// <value>The default is empty.</value>
    public IReadOnlyList<string> Effects { get; init; } = [];

    internal Func<CompensationStep, CancellationToken, ValueTask> Undo { get; }

    /// <summary>A compensation that invokes a function.</summary>
    /// <param name="function">The function; not governed, because the compensation is. Its name is the compensation's.</param>
    /// <param name="arguments">Its arguments, made from the step. Pass <see cref="CompensationStep.IdempotencyKey"/> on where the other side takes one.</param>
    public static Compensation By(AIFunction function, Func<CompensationStep, AIFunctionArguments> arguments)
    {
        ArgumentNullException.ThrowIfNull(function);
        ArgumentNullException.ThrowIfNull(arguments);
        return new Compensation(function.Name, async (step, cancellationToken) => await function.InvokeAsync(arguments(step), cancellationToken));
    }

    internal static bool IsName(string name)
        => name.Length is > 0 and <= NameMax && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' or '.');
}
