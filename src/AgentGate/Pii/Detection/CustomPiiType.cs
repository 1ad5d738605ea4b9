namespace AgentGate.Pii.Detection;

/// <summary>A type of personal data that an operator describes in configuration.</summary>
/// <remarks>Values are read once at start-up; changing an instance later has no effect.</remarks>
public sealed class CustomPiiType
{
    /// <summary>The type name in tokens, for example <c>EMPLOYEE_ID</c>: <c>[A-Z][A-Z0-9_]*</c>, not the name of a built-in type.</summary>
    public string Name { get; set; } = "";

    /// <summary>
    /// A regular expression, compiled with <see cref="System.Text.RegularExpressions.RegexOptions.NonBacktracking"/>: no
    /// look-around, no back-references, and it must not match the empty text. Values longer than 1,024 characters are not found.
    /// </summary>
    public string Pattern { get; set; } = "";

    /// <summary>Words of which one must stand near the value (64 characters before, 24 after). Empty, the default: none is needed.</summary>
    public IList<string> Context { get; } = [];

    /// <summary>How sure a match is, above 0 and at most 1. Default 0.8. A score below the threshold never matches.</summary>
    public double Score { get; set; } = 0.8;
}
