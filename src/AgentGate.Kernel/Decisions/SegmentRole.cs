namespace AgentGate.Kernel.Decisions;

/// <summary>What a segment is for, decided by the door and never by the text itself.</summary>
public enum SegmentRole
{
    /// <summary>A field no door knows, or a field without conversational meaning.</summary>
    Other,

    /// <summary>System or developer instructions.</summary>
    System,

    /// <summary>Text typed by the user.</summary>
    User,

    /// <summary>Text of the model.</summary>
    Assistant,

    /// <summary>Arguments of a tool call.</summary>
    ToolArguments,

    /// <summary>The result of a tool, or a retrieved document.</summary>
    ToolResult,

    /// <summary>A tool or schema definition.</summary>
    Definition,

    /// <summary>Caller-supplied metadata (user, metadata, name).</summary>
    Metadata,

    /// <summary>A name the protocol itself needs, such as <c>model</c>, <c>role</c> or <c>type</c>: scanned, changed only when personal data is in it.</summary>
    Protocol,
}
