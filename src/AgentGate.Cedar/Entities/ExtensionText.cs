using System.Diagnostics.CodeAnalysis;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Entities;

/// <summary>The constructors of the extension types.</summary>
internal static class ExtensionText
{
    /// <summary>What a constructor makes of a text; <see langword="false"/> when nothing, or when the function is no constructor.</summary>
    public static bool TryConstruct(ExtensionFunction constructor, string text, [NotNullWhen(true)] out CedarValue? value)
    {
        switch (constructor)
        {
            case ExtensionFunction.Ip when CedarIpAddress.TryParse(text, out var address):
                value = address;
                return true;
            case ExtensionFunction.Decimal when CedarDecimal.TryParse(text, out var number):
                value = number;
                return true;
            case ExtensionFunction.Datetime when CedarDatetime.TryParse(text, out var time):
                value = time;
                return true;
            case ExtensionFunction.Duration when CedarDuration.TryParse(text, out var duration):
                value = duration;
                return true;
            default:
                value = null;
                return false;
        }
    }

    /// <summary>What the argument of a constructor looks like, for help.</summary>
    public static string Example(ExtensionFunction constructor) => constructor switch
    {
        ExtensionFunction.Ip => "an address or a CIDR range, such as `10.1.2.3`, `10.0.0.0/8` or `2001:db8::/32`, without leading zeros",
        ExtensionFunction.Decimal => "digits on both sides of a point and at most four after it, such as `12.34`",
        ExtensionFunction.Datetime => "a date, perhaps with a time and its zone, such as `2024-10-15`, `2024-10-15T11:38:02Z` or `2024-10-15T11:38:02.345+0100`",
        _ => "days, hours, minutes, seconds and milliseconds in this order, such as `1d2h3m4s5ms` or `-90m`",
    };
}
