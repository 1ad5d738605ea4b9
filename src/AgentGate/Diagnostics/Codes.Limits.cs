namespace AgentGate.Diagnostics;

/// <summary>Codes of the limits (AG21xx).</summary>
public static partial class Codes
{
    /// <summary>A limit is reached; the message names the rule and when the next call fits.</summary>
    public const string LimitReached = "AG2101";

    /// <summary>The store of the counts is lost, and a rule that concerns the call denies then.</summary>
    public const string LimitStoreLost = "AG2102";

    /// <summary>A rule holds as many counts as it may, so that newcomers share one.</summary>
    public const string LimitKeysFull = "AG2103";

    /// <summary>The store of the counts answers again.</summary>
    public const string LimitStoreRecovered = "AG2104";

    /// <summary>The store of the counts answers and has lost what it counted.</summary>
    public const string LimitCountsForgotten = "AG2105";

    /// <summary>Redis refuses this server: its name, its password or its certificate.</summary>
    public const string RedisRefused = "AG2106";

    /// <summary>Redis may drop counts when its memory is full.</summary>
    public const string RedisEvicts = "AG2107";

    /// <summary>All seats of the declared servers are taken, so that this server has no share.</summary>
    public const string LimitSeatsTaken = "AG2108";

    /// <summary>Servers that run share the limits in another way, so that this server has no share.</summary>
    public const string LimitSharesDiffer = "AG2109";

    /// <summary>A rule would refuse for longer than an hour if the store lost its counts.</summary>
    public const string LimitLossLong = "AG2110";

    /// <summary>Servers that share the counts define a rule in different ways; the stricter counts.</summary>
    public const string LimitRulesDiffer = "AG2111";
}
