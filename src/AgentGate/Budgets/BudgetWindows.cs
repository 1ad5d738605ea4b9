namespace AgentGate.Budgets;

/// <summary>Where the windows of the calendar begin and end, in UTC.</summary>
internal static class BudgetWindows
{
    /// <summary>When the window that holds a time began.</summary>
    public static DateTimeOffset Start(BudgetWindow window, DateTimeOffset at)
    {
        var utc = at.UtcDateTime;
        return window switch
        {
            BudgetWindow.Hour => new DateTimeOffset(utc.Year, utc.Month, utc.Day, utc.Hour, 0, 0, TimeSpan.Zero),
            BudgetWindow.Day => new DateTimeOffset(utc.Year, utc.Month, utc.Day, 0, 0, 0, TimeSpan.Zero),
            BudgetWindow.Month => new DateTimeOffset(utc.Year, utc.Month, 1, 0, 0, 0, TimeSpan.Zero),
            _ => DateTimeOffset.UnixEpoch,
        };
    }

    /// <summary>When the window that began then ends.</summary>
    public static DateTimeOffset End(BudgetWindow window, DateTimeOffset start) => window switch
    {
        BudgetWindow.Hour => start.AddHours(1),
        BudgetWindow.Day => start.AddDays(1),
        BudgetWindow.Month => start.AddMonths(1),
        _ => DateTimeOffset.MaxValue,
    };

    /// <summary>The unit in words.</summary>
    public static string Words(BudgetWindow window) => window switch
    {
        BudgetWindow.Hour => "per hour",
        BudgetWindow.Day => "per day",
        BudgetWindow.Month => "per month",
        _ => "in total",
    };
}
