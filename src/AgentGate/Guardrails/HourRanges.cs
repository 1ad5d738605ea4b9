using System.Globalization;

namespace AgentGate.Guardrails;

/// <summary>The hours of a day in which nothing is called, by the clock on the wall of one place. Immutable but for what it computed last.</summary>
internal sealed class HourRanges(IReadOnlyList<(int From, int Until)> ranges, TimeZoneInfo zone)
{
    private const int MinutesOfDay = 24 * 60;

    private static readonly TimeSpan s_minute = TimeSpan.FromMinutes(1);

    private sealed record Closed(DateTimeOffset From, DateTimeOffset Until);

    private Closed? _closed;

    /// <summary>Whether no minute of a day is left.</summary>
    public bool CoverAll => Enumerable.Range(0, MinutesOfDay).All(Excludes);

    /// <summary>Reads an hour (<c>2</c>) or a range (<c>22-6</c>, <c>22:30-06:15</c>, which ends before its second part) as minutes of the day.</summary>
    public static bool TryParse(string text, out (int From, int Until) range)
    {
        range = default;
        var parts = text.Split('-', StringSplitOptions.TrimEntries);
        if (parts.Length == 1)
        {
            if (!TryMinute(parts[0], out var hour) || hour % 60 != 0 || hour == MinutesOfDay)
            {
                return false;
            }

            range = (hour, hour + 60);
            return true;
        }

        if (parts.Length != 2 || !TryMinute(parts[0], out var from) || !TryMinute(parts[1], out var until) || from == MinutesOfDay || from == until)
        {
            return false;
        }

        range = (from, until);
        return true;
    }

    /// <summary>The first moment, not before <paramref name="at"/>, that is not excluded; <see langword="null"/> where none comes within four days.</summary>
    public DateTimeOffset? NextOpen(DateTimeOffset at)
    {
        if (!IsExcluded(at))
        {
            return at;
        }

        if (_closed is { } known && known.From <= at && at < known.Until)
        {
            return known.Until;
        }

        // Minute by minute, since an hour can be missing on the wall, or be there twice.
        var next = new DateTimeOffset(at.Ticks - (at.Ticks % TimeSpan.TicksPerMinute), TimeSpan.Zero);
        for (var minutes = 0; minutes <= 4 * MinutesOfDay; minutes++)
        {
            next += s_minute;
            if (!IsExcluded(next))
            {
                _closed = new Closed(at, next);
                return next;
            }
        }

        return null;
    }

    private bool IsExcluded(DateTimeOffset at)
    {
        var wall = TimeZoneInfo.ConvertTime(at, zone);
        return Excludes((wall.Hour * 60) + wall.Minute);
    }

    private bool Excludes(int minute)
    {
        foreach (var (from, until) in ranges)
        {
            if (from < until ? minute >= from && minute < until : minute >= from || minute < until)
            {
                return true;
            }
        }

        return false;
    }

    private static bool TryMinute(string text, out int minute)
    {
        minute = 0;
        var parts = text.Split(':');
        if (parts.Length > 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var hour) || hour > 24)
        {
            return false;
        }

        var rest = 0;
        if (parts.Length == 2 && (parts[1].Length != 2 || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out rest) || rest > 59))
        {
            return false;
        }

        minute = (hour * 60) + rest;
        return minute <= MinutesOfDay;
    }
}
