using System.IO.Enumeration;

namespace AgentGate.Providers;

/// <summary>Which caller models a provider serves: an exact name or a pattern with <c>*</c>, and the name they have upstream.</summary>
/// <param name="Text">The name or pattern. Case counts, as it does for the providers.</param>
/// <param name="Upstream">The name upstream, or <see langword="null"/> for the caller's own.</param>
internal sealed record ModelPattern(string Text, string? Upstream = null)
{
    public bool IsExact => !Text.Contains('*', StringComparison.Ordinal);

    /// <summary>How much of a name the pattern pins down: exact before pattern, then by literal characters.</summary>
    public int Weight => IsExact ? int.MaxValue : Text.Count(c => c != '*');

    public bool Matches(string model)
        => IsExact
            ? string.Equals(Text, model, StringComparison.Ordinal)
            : FileSystemName.MatchesSimpleExpression(Escaped, model, ignoreCase: false);

    // MatchesSimpleExpression knows '?' and '\' too; here only '*' is special.
    private string Escaped { get; } = Text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("?", "\\?", StringComparison.Ordinal);
}
