namespace AgentGate.Cedar.Syntax;

/// <summary>The functions and methods of the extension types. A closed set: an engine that anyone can extend cannot be reasoned about.</summary>
public enum ExtensionFunction
{
    /// <summary><c>ip("…")</c>.</summary>
    Ip,

    /// <summary><c>decimal("…")</c>.</summary>
    Decimal,

    /// <summary><c>datetime("…")</c>.</summary>
    Datetime,

    /// <summary><c>duration("…")</c>.</summary>
    Duration,

    /// <summary><c>decimal.lessThan(decimal)</c>.</summary>
    LessThan,

    /// <summary><c>decimal.lessThanOrEqual(decimal)</c>.</summary>
    LessThanOrEqual,

    /// <summary><c>decimal.greaterThan(decimal)</c>.</summary>
    GreaterThan,

    /// <summary><c>decimal.greaterThanOrEqual(decimal)</c>.</summary>
    GreaterThanOrEqual,

    /// <summary><c>ipaddr.isIpv4()</c>.</summary>
    IsIpv4,

    /// <summary><c>ipaddr.isIpv6()</c>.</summary>
    IsIpv6,

    /// <summary><c>ipaddr.isLoopback()</c>.</summary>
    IsLoopback,

    /// <summary><c>ipaddr.isMulticast()</c>.</summary>
    IsMulticast,

    /// <summary><c>ipaddr.isInRange(ipaddr)</c>.</summary>
    IsInRange,

    /// <summary><c>datetime.offset(duration)</c>.</summary>
    Offset,

    /// <summary><c>datetime.durationSince(datetime)</c>.</summary>
    DurationSince,

    /// <summary><c>datetime.toDate()</c>.</summary>
    ToDate,

    /// <summary><c>datetime.toTime()</c>.</summary>
    ToTime,

    /// <summary><c>duration.toMilliseconds()</c>.</summary>
    ToMilliseconds,

    /// <summary><c>duration.toSeconds()</c>.</summary>
    ToSeconds,

    /// <summary><c>duration.toMinutes()</c>.</summary>
    ToMinutes,

    /// <summary><c>duration.toHours()</c>.</summary>
    ToHours,

    /// <summary><c>duration.toDays()</c>.</summary>
    ToDays,
}
