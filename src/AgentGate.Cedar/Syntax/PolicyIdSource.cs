namespace AgentGate.Cedar.Syntax;

/// <summary>Where the ids of policies come from when a text is read; the text itself does not hold them.</summary>
public enum PolicyIdSource
{
    /// <summary><c>policy0</c>, <c>policy1</c>, … in the order of the text, templates counted too.</summary>
    Position,

    /// <summary>The annotation <c>@id("…")</c>; by position where there is none. The same id twice is an error.</summary>
    IdAnnotation,
}
