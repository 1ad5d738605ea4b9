namespace AgentGate.Kernel.Certificates;

/// <summary>The ids of safety nodes.</summary>
public static class SafetyNodeId
{
    /// <summary>The longest id, in characters.</summary>
    public const int LengthMax = 64;

    /// <summary>Whether a text can be one: 1 to 64 lower-case letters, digits, <c>_</c>, <c>-</c> and dots; a letter or digit first.</summary>
    /// <param name="id">The text.</param>
    public static bool IsValid(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return id.Length is > 0 and <= LengthMax && char.IsAsciiLetterOrDigit(id[0])
            && id.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-' or '.');
    }
}
