using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AgentGate.Cedar.Entities;

/// <summary>A point in time, in milliseconds since 1970-01-01T00:00:00Z; leap seconds do not count.</summary>
/// <param name="value">Milliseconds since 1970-01-01T00:00:00Z.</param>
public sealed class CedarDatetime(long value) : CedarValue
{
    private const long Day = 86_400_000;

    /// <summary>Milliseconds since 1970-01-01T00:00:00Z.</summary>
    public long Milliseconds { get; } = value;

    /// <inheritdoc />
    public override CedarValueKind Kind => CedarValueKind.Datetime;

    internal override long Bits => Milliseconds;

    /// <summary>A point in time from .NET's own, to the millisecond before.</summary>
    public static CedarDatetime From(DateTimeOffset time) => new(time.ToUnixTimeMilliseconds());

    /// <summary>Reads the argument of <c>datetime("…")</c>: <c>2024-10-15</c>, <c>2024-10-15T11:38:02Z</c>, with <c>.345</c> before the <c>Z</c>, or with <c>+0100</c> for it (Cedar RFC 80).</summary>
    /// <returns><see langword="false"/> when it is not one.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out CedarDatetime? value)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = null;
        var rest = text.AsSpan();
        if (!DigitReader.TryTake(ref rest, 4, out var year) || !TryTake(ref rest, '-') || !DigitReader.TryTake(ref rest, 2, out var month)
            || !TryTake(ref rest, '-') || !DigitReader.TryTake(ref rest, 2, out var day) || !IsDate(year, month, day))
        {
            return false;
        }

        long time = 0;
        if (!rest.IsEmpty && !TryReadTime(rest, out time))
        {
            return false;
        }

        value = new CedarDatetime((DaysSinceEpoch(year, month, day) * Day) + time);
        return true;
    }

    /// <inheritdoc />
    public override bool Equals(CedarValue? other) => other is CedarDatetime same && same.Milliseconds == Milliseconds;

    /// <inheritdoc />
    public override int GetHashCode() => NumberHash.Of(Kind, Milliseconds);

    /// <inheritdoc />
    public override string ToString() => ToArgument() is { } argument
        ? $"datetime(\"{argument}\")"
        : string.Create(CultureInfo.InvariantCulture, $"datetime(\"1970-01-01\").offset(duration(\"{Milliseconds}ms\"))");

    /// <summary>The argument of the constructor that makes this value; <see langword="null"/> outside the years the constructor reads.</summary>
    internal string? ToArgument()
        => Milliseconds < DateTimeOffset.MinValue.ToUnixTimeMilliseconds() || Milliseconds > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? null
            : DateTimeOffset.FromUnixTimeMilliseconds(Milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static bool TryReadTime(ReadOnlySpan<char> rest, out long time)
    {
        time = 0;
        if (!TryTake(ref rest, 'T') || !DigitReader.TryTake(ref rest, 2, out var hour) || !TryTake(ref rest, ':')
            || !DigitReader.TryTake(ref rest, 2, out var minute) || !TryTake(ref rest, ':') || !DigitReader.TryTake(ref rest, 2, out var second)
            || hour > 23 || minute > 59 || second > 59)
        {
            return false;
        }

        var millisecond = 0;
        if (TryTake(ref rest, '.') && !DigitReader.TryTake(ref rest, 3, out millisecond))
        {
            return false;
        }

        time = (hour * 3_600_000L) + (minute * 60_000L) + (second * 1_000L) + millisecond;
        return rest is "Z" || TryReadOffset(rest, ref time);
    }

    private static bool TryReadOffset(ReadOnlySpan<char> rest, ref long time)
    {
        var isEast = TryTake(ref rest, '+');
        if (!isEast && !TryTake(ref rest, '-'))
        {
            return false;
        }

        if (!DigitReader.TryTake(ref rest, 2, out var hours) || !DigitReader.TryTake(ref rest, 2, out var minutes)
            || !rest.IsEmpty || hours > 23 || minutes > 59)
        {
            return false;
        }

        // Clocks east of Greenwich are ahead: their time is later than the same point in UTC.
        var offset = (hours * 3_600_000L) + (minutes * 60_000L);
        time += isEast ? -offset : offset;
        return true;
    }

    private static bool TryTake(ref ReadOnlySpan<char> text, char letter)
    {
        if (text.IsEmpty || text[0] != letter)
        {
            return false;
        }

        text = text[1..];
        return true;
    }

    private static bool IsDate(int year, int month, int day)
    {
        var isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return month is >= 1 and <= 12 && day >= 1 && day <= month switch
        {
            2 => isLeap ? 29 : 28,
            4 or 6 or 9 or 11 => 30,
            _ => 31,
        };
    }

    /// <summary>Days of the proleptic Gregorian calendar, the year 0 included, which .NET's own types do not have.</summary>
    private static long DaysSinceEpoch(int year, int month, int day)
    {
        // Counting years from March puts the leap day last: the days before a month follow one linear formula.
        var shifted = month <= 2 ? year - 1 : year;
        var era = (shifted >= 0 ? shifted : shifted - 399) / 400;
        var yearOfEra = shifted - (era * 400);
        var dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5) + day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * 146_097L) + dayOfEra - 719_468;
    }
}
