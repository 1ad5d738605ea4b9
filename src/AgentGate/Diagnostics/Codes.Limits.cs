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
}
