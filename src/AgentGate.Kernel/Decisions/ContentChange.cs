namespace AgentGate.Kernel.Decisions;

/// <summary>One change a guard asks for. A closed set.</summary>
public abstract record ContentChange
{
    private ContentChange()
    {
    }

    /// <summary>Replaces the whole text of one segment.</summary>
    /// <param name="SegmentIndex">The segment, by <see cref="Segment.Index"/>.</param>
    /// <param name="Text">The new text. A number becomes a string.</param>
    public sealed record ReplaceText(int SegmentIndex, string Text) : ContentChange;

    /// <summary>Takes a tool out of the definitions the model is shown.</summary>
    /// <param name="Name">The tool's name as declared.</param>
    public sealed record RemoveTool(string Name) : ContentChange;
}
