using System.Globalization;
using AgentGate.Guardrails;

namespace AgentGate.Tests.Guardrails;

/// <summary>Hours on the wall of a place, also where one is missing and where one is there twice.</summary>
public sealed class HourRangesTests
{
    /// <summary>Zone, hours, moment (UTC), and the first moment (UTC) that is not excluded.</summary>
    [Theory]
    [InlineData("UTC", "2,3,4", "2026-01-02T01:59:59Z", "2026-01-02T01:59:59Z")]
    [InlineData("UTC", "2,3,4", "2026-01-02T02:00:00Z", "2026-01-02T05:00:00Z")]
    [InlineData("UTC", "2,3,4", "2026-01-02T04:59:59Z", "2026-01-02T05:00:00Z")]
    [InlineData("UTC", "2,3,4", "2026-01-02T05:00:00Z", "2026-01-02T05:00:00Z")]
    [InlineData("UTC", "22-6", "2026-01-02T23:00:00Z", "2026-01-03T06:00:00Z")]
    [InlineData("UTC", "22-6", "2026-01-02T05:59:00Z", "2026-01-02T06:00:00Z")]
    [InlineData("UTC", "22:30-06:15", "2026-01-02T22:29:59Z", "2026-01-02T22:29:59Z")]
    [InlineData("UTC", "22:30-06:15", "2026-01-02T22:30:00Z", "2026-01-03T06:15:00Z")]
    [InlineData("UTC", "0-24", "2026-01-02T22:30:00Z", null)]
    [InlineData("Europe/Berlin", "2,3,4", "2026-01-02T01:30:00Z", "2026-01-02T04:00:00Z")]
    [InlineData("Europe/Berlin", "2,3,4", "2026-07-02T00:30:00Z", "2026-07-02T03:00:00Z")]
    [InlineData("Europe/Berlin", "22-6", "2026-07-02T21:00:00Z", "2026-07-03T04:00:00Z")]
    [InlineData("America/New_York", "22-6", "2026-01-03T04:00:00Z", "2026-01-03T11:00:00Z")]
    [InlineData("Asia/Kolkata", "9-17", "2026-01-02T03:30:00Z", "2026-01-02T11:30:00Z")]

    // In the night of 29 March the hour from 2 to 3 is missing in Berlin: 1:59 is followed by 3:00.
    [InlineData("Europe/Berlin", "2", "2026-03-29T00:59:59Z", "2026-03-29T00:59:59Z")]
    [InlineData("Europe/Berlin", "2", "2026-03-29T01:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("Europe/Berlin", "1", "2026-03-29T00:30:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("Europe/Berlin", "1-4", "2026-03-29T00:30:00Z", "2026-03-29T02:00:00Z")]

    // In the night of 25 October it is there twice, and both are excluded.
    [InlineData("Europe/Berlin", "2", "2026-10-25T00:30:00Z", "2026-10-25T02:00:00Z")]
    [InlineData("Europe/Berlin", "2", "2026-10-25T01:30:00Z", "2026-10-25T02:00:00Z")]
    [InlineData("Europe/Berlin", "2", "2026-10-25T02:00:00Z", "2026-10-25T02:00:00Z")]
    [InlineData("Europe/Berlin", "22-3", "2026-10-24T21:00:00Z", "2026-10-25T02:00:00Z")]
    public void The_next_moment_that_is_not_excluded_is_found(string zone, string hours, string at, string? expected)
    {
        var ranges = hours.Split(',').Select(hour => HourRanges.TryParse(hour, out var range) ? range : throw new FormatException(hour)).ToArray();
        var found = new HourRanges(ranges, TimeZoneInfo.FindSystemTimeZoneById(zone));
        var (moment, open) = (Time(at), expected is null ? (DateTimeOffset?)null : Time(expected));

        // Twice, because what was computed last is remembered.
        Assert.Equal(open, found.NextOpen(moment));
        Assert.Equal(open, found.NextOpen(moment));
    }

    [Theory]
    [InlineData("")]
    [InlineData("24")]
    [InlineData("-1")]
    [InlineData("2:30")]
    [InlineData("5-5")]
    [InlineData("24-3")]
    [InlineData("3-25")]
    [InlineData("22:60-3")]
    [InlineData("22:3-4")]
    [InlineData("1-2-3")]
    [InlineData("two")]
    public void What_is_no_hour_is_refused(string text) => Assert.False(HourRanges.TryParse(text, out _));

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
