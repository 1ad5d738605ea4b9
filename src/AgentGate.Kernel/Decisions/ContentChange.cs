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

    /// <summary>Sets a member of the root object to a number, adding it where it is absent. Only a number or <c>null</c> is replaced.</summary>
    /// <param name="Member">The member's name.</param>
    /// <param name="Value">The number.</param>
    public sealed record SetNumber(string Member, long Value) : ContentChange;

    /// <summary>Sets a flag in an object of the root object to <c>true</c>, adding both where they are absent.</summary>
    /// <param name="Holder">The name of the member that is the object.</param>
    /// <param name="Flag">The flag's name in it. Only <c>false</c> or <c>null</c> is replaced.</param>
    public sealed record SetFlag(string Holder, string Flag) : ContentChange;
}
