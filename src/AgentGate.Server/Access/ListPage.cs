using System.Globalization;

namespace AgentGate.Server.Access;

/// <summary>Which part of a list is asked for.</summary>
/// <param name="Limit">How many at most.</param>
/// <param name="Offset">How many are passed over.</param>
internal sealed record ListPage(int Limit, int Offset)
{
    /// <summary>The longest part.</summary>
    public const int LimitMax = 500;

    private const int OffsetMax = 1_000_000;

    /// <summary>Reads the parameters; the name of the wrong one where one is.</summary>
    public static (ListPage Page, string? Wrong) Read(string? limit, string? offset)
    {
        var (most, from) = (100, 0);
        return limit is not null && !(int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out most) && most is > 0 and <= LimitMax) ? (new(0, 0), "limit")
            : offset is not null && !(int.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out from) && from is >= 0 and <= OffsetMax) ? (new(0, 0), "offset")
            : (new ListPage(most, from), null);
    }
}
