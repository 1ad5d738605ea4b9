namespace AgentGate.Pipeline;

/// <summary>One protocol event of a streamed answer. The door derives it; the gate reads the segments and replaces text.</summary>
public abstract class StreamFrame
{
    /// <summary>The text pieces in the frame, in order.</summary>
    public abstract IReadOnlyList<StreamSegment> Segments { get; }

    /// <summary>Whether this is the protocol's last event: the outcome is written before it goes on.</summary>
    public virtual bool IsLast => false;

    /// <summary>Texts of the model that are complete by this frame and stand in none of its segments: tool calls held back so far.</summary>
    internal virtual IEnumerable<string> HeldTexts => [];

    /// <summary>Puts other text in place of a piece.</summary>
    /// <param name="index">The position in <see cref="Segments"/>.</param>
    /// <param name="text">The text that goes on.</param>
    public abstract void Replace(int index, string text);
}
