namespace AgentGate.Pii.Restoring;

/// <summary>How the angle brackets of a token are written, and so how its value must be.</summary>
internal enum TokenForm
{
    /// <summary><c>&lt;</c> and <c>&gt;</c> themselves.</summary>
    Raw,

    /// <summary>As JSON escapes, <c>\u003c</c> and <c>\u003e</c>; the value is written as inside a JSON string.</summary>
    Json,

    /// <summary>As HTML entities, <c>&amp;lt;</c> and <c>&amp;gt;</c>; the value is written as HTML text.</summary>
    Html,
}
