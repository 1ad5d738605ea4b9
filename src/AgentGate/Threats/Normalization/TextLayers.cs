namespace AgentGate.Threats.Normalization;

/// <summary>What was taken off a text to get to one of its readings.</summary>
[Flags]
internal enum TextLayers
{
    /// <summary>Nothing: the text as it stands.</summary>
    None = 0,

    /// <summary>Characters that look like others, or like nothing, were replaced.</summary>
    Folded = 1,

    /// <summary>Percent-encoding, <c>+</c> for a space included.</summary>
    Percent = 2,

    /// <summary>Character references of HTML.</summary>
    Entities = 4,

    /// <summary>Escapes of JavaScript, JSON and C.</summary>
    Escapes = 8,

    /// <summary>A string inside a text that is JSON.</summary>
    Nested = 16,

    /// <summary>Base64, where it is declared.</summary>
    Base64 = 32,

    /// <summary>Several parts of one call were put together.</summary>
    Joined = 64,
}
