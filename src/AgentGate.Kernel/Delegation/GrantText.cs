using System.Globalization;

namespace AgentGate.Kernel.Delegation;

/// <summary>What the texts of a grant may look like.</summary>
internal static class GrantText
{
    /// <summary>The longest name of a principal, tenant or door, in UTF-16 code units.</summary>
    public const int NameMax = 256;

    /// <summary>The longest scope that is issued, in UTF-16 code units.</summary>
    public const int ScopeMax = 512;

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    /// <summary>Whether a text has no control character and no lone surrogate: it can be written and read back as it is.</summary>
    public static bool IsPlain(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsControl(text[i]))
            {
                return false;
            }

            if (char.IsSurrogate(text[i]) && (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[++i])))
            {
                return false;
            }
        }

        return true;
    }

    public static bool IsName(string text) => text.Length is > 0 and <= NameMax && IsPlain(text);

    /// <summary>A scope that means what it seems to: no way back among its segments.</summary>
    public static bool IsScope(string text) => text.Length <= ScopeMax && IsPlain(text) && !GrantScope.HasDotSegment(text.AsSpan(text.IndexOf(':', StringComparison.Ordinal) + 1));

    /// <summary>An action: ASCII letters. Which ones there are is the gate's business, not the format's.</summary>
    public static bool IsAction(string text) => text.Length is > 0 and <= 64 && text.All(char.IsAsciiLetter);

    public static string Write(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static DateTimeOffset ReadTime(string text)
        => DateTimeOffset.ParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
