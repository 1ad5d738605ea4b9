namespace AgentGate.Cedar.Formatting;

/// <summary>One step of a layout. Texts are places in the source; steps never hold copies.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Start">Where the text begins, for steps with one.</param>
/// <param name="Length">How long it is; of <see cref="LayoutStepKind.Begin"/>, how wide the group is on one line.</param>
internal readonly record struct LayoutStep(LayoutStepKind Kind, int Start = 0, int Length = 0);

/// <summary>The kinds of steps.</summary>
internal enum LayoutStepKind
{
    /// <summary>Nothing: a place kept for a group that was not needed.</summary>
    None,

    /// <summary>A token.</summary>
    Text,

    /// <summary>A comment on lines of its own, before the next token.</summary>
    CommentAbove,

    /// <summary>A comment at the end of the line.</summary>
    CommentBehind,

    /// <summary>A blank.</summary>
    Space,

    /// <summary>A blank, or a new line when the group does not fit.</summary>
    Line,

    /// <summary>Nothing, or a new line when the group does not fit.</summary>
    SoftLine,

    /// <summary>A new line.</summary>
    HardLine,

    /// <summary>Further in by one step from the next line on.</summary>
    Indent,

    /// <summary>Back by one step from the next line on.</summary>
    Dedent,

    /// <summary>A group: on one line when it fits, otherwise each of its lines breaks.</summary>
    Begin,

    /// <summary>The end of the group.</summary>
    End,
}
