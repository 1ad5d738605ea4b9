namespace AgentGate.Diagnostics;

/// <summary>Codes of the pages and the playground (AG80xx).</summary>
public static partial class Codes
{
    /// <summary>A call would skip a guard and does not meet every condition for it; it is denied instead of guarded silently.</summary>
    public const string GuardNotSkippable = "AG8001";

    /// <summary>The page needs a sign-in, and the request carries none that is good.</summary>
    public const string SignInNeeded = "AG8002";

    /// <summary>The sign-in link is unknown, was used, or has expired.</summary>
    public const string SignInLinkInvalid = "AG8003";

    /// <summary>A request for a page came from another site.</summary>
    public const string PageFromElsewhere = "AG8004";

    /// <summary>The playground cannot reach this server's own door.</summary>
    public const string PlaygroundUnreachable = "AG8005";
}
