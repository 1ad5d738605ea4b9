namespace AgentGate.Threats;

/// <summary>Where a text stands, told from the call itself and never from the text.</summary>
public enum ThreatContext
{
    /// <summary>Prose of a conversation: people talk about attacks without making one.</summary>
    Chat,

    /// <summary>A fenced code block in a conversation: code is what it is there for.</summary>
    Code,

    /// <summary>An argument of a tool call: something will interpret it.</summary>
    Argument,
}
