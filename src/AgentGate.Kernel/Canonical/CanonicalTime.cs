using System.Globalization;

namespace AgentGate.Kernel.Canonical;

/// <summary>Times as the formats spell them: RFC 3339, UTC, milliseconds, nothing else (docs/formats/certificate.md).</summary>
internal static class CanonicalTime
{
    /// <summary>How many characters a time has.</summary>
    public const int Length = 24;

    private const string Format = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static void Write(ref CanonicalWriter json, DateTimeOffset at)
    {
        Span<byte> text = stackalloc byte[Length];
        at.UtcDateTime.TryFormat(text, out var length, Format, CultureInfo.InvariantCulture);
        json.Plain(text[..length]);
    }

    public static string Text(DateTimeOffset at) => at.UtcDateTime.ToString(Format, CultureInfo.InvariantCulture);

    public static bool TryParse(string? text, out DateTimeOffset at)
    {
        at = default;
        return text is { Length: Length }
            && DateTimeOffset.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out at)
            && string.Equals(Text(at), text, StringComparison.Ordinal);
    }

    /// <summary>The time cut to whole milliseconds, which is what the formats hold.</summary>
    public static DateTimeOffset Truncate(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
}
