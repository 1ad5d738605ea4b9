using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>What the gate gives next of a streamed answer. A closed set.</summary>
public abstract record StreamStep
{
    private StreamStep()
    {
    }

    /// <summary>A frame the caller may have.</summary>
    /// <param name="Value">The frame, with the guards' replacements.</param>
    public sealed record Frame(StreamFrame Value) : StreamStep;

    /// <summary>The stream ends here because a guard blocked it, a record could not be written, or the other side failed.</summary>
    /// <param name="Denial">Why, in the words the caller gets.</param>
    public sealed record Ended(Denial Denial) : StreamStep;

    /// <summary>The stream is over; the outcome is on record.</summary>
    public sealed record Done : StreamStep
    {
        /// <summary>The only instance needed.</summary>
        public static Done Instance { get; } = new();
    }
}
