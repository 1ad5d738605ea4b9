using System.Collections.Frozen;
using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Syntax;

/// <summary>The name, arity and style of an extension function.</summary>
/// <param name="Function">Which.</param>
/// <param name="Name">The name in Cedar.</param>
/// <param name="IsMethod">Whether it is called as a method.</param>
/// <param name="Parameters">The types of its arguments, the receiver first.</param>
/// <param name="Result">The type of its result.</param>
internal sealed record ExtensionSignature(ExtensionFunction Function, string Name, bool IsMethod, CedarValueKind[] Parameters, CedarValueKind Result)
{
    private static readonly ExtensionSignature[] s_all =
    [
        Constructor(ExtensionFunction.Ip, "ip", CedarValueKind.IpAddress),
        Constructor(ExtensionFunction.Decimal, "decimal", CedarValueKind.Decimal),
        Constructor(ExtensionFunction.Datetime, "datetime", CedarValueKind.Datetime),
        Constructor(ExtensionFunction.Duration, "duration", CedarValueKind.Duration),
        Method(ExtensionFunction.LessThan, "lessThan", CedarValueKind.Bool, CedarValueKind.Decimal, CedarValueKind.Decimal),
        Method(ExtensionFunction.LessThanOrEqual, "lessThanOrEqual", CedarValueKind.Bool, CedarValueKind.Decimal, CedarValueKind.Decimal),
        Method(ExtensionFunction.GreaterThan, "greaterThan", CedarValueKind.Bool, CedarValueKind.Decimal, CedarValueKind.Decimal),
        Method(ExtensionFunction.GreaterThanOrEqual, "greaterThanOrEqual", CedarValueKind.Bool, CedarValueKind.Decimal, CedarValueKind.Decimal),
        Method(ExtensionFunction.IsIpv4, "isIpv4", CedarValueKind.Bool, CedarValueKind.IpAddress),
        Method(ExtensionFunction.IsIpv6, "isIpv6", CedarValueKind.Bool, CedarValueKind.IpAddress),
        Method(ExtensionFunction.IsLoopback, "isLoopback", CedarValueKind.Bool, CedarValueKind.IpAddress),
        Method(ExtensionFunction.IsMulticast, "isMulticast", CedarValueKind.Bool, CedarValueKind.IpAddress),
        Method(ExtensionFunction.IsInRange, "isInRange", CedarValueKind.Bool, CedarValueKind.IpAddress, CedarValueKind.IpAddress),
        Method(ExtensionFunction.Offset, "offset", CedarValueKind.Datetime, CedarValueKind.Datetime, CedarValueKind.Duration),
        Method(ExtensionFunction.DurationSince, "durationSince", CedarValueKind.Duration, CedarValueKind.Datetime, CedarValueKind.Datetime),
        Method(ExtensionFunction.ToDate, "toDate", CedarValueKind.Datetime, CedarValueKind.Datetime),
        Method(ExtensionFunction.ToTime, "toTime", CedarValueKind.Duration, CedarValueKind.Datetime),
        Method(ExtensionFunction.ToMilliseconds, "toMilliseconds", CedarValueKind.Long, CedarValueKind.Duration),
        Method(ExtensionFunction.ToSeconds, "toSeconds", CedarValueKind.Long, CedarValueKind.Duration),
        Method(ExtensionFunction.ToMinutes, "toMinutes", CedarValueKind.Long, CedarValueKind.Duration),
        Method(ExtensionFunction.ToHours, "toHours", CedarValueKind.Long, CedarValueKind.Duration),
        Method(ExtensionFunction.ToDays, "toDays", CedarValueKind.Long, CedarValueKind.Duration),
    ];

    /// <summary>By Cedar name.</summary>
    public static FrozenDictionary<string, ExtensionSignature> ByName { get; } =
        s_all.ToFrozenDictionary(static signature => signature.Name, StringComparer.Ordinal);

    /// <summary>The signature of a function.</summary>
    public static ExtensionSignature Of(ExtensionFunction function) => s_all[(int)function];

    private static ExtensionSignature Constructor(ExtensionFunction function, string name, CedarValueKind result)
        => new(function, name, false, [CedarValueKind.String], result);

    private static ExtensionSignature Method(ExtensionFunction function, string name, CedarValueKind result, params CedarValueKind[] parameters)
        => new(function, name, true, parameters, result);
}
