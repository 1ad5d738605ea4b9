namespace AgentGate.Diagnostics;

/// <summary>Codes of what refuses requests before anybody looks at them, and of what watches behaviour (AG66xx).</summary>
public static partial class Codes
{
    /// <summary>The body or a parameter is not what the route takes.</summary>
    public const string RequestUnreadable = "AG6601";

    /// <summary>The headers or the path of the request are larger than they may be.</summary>
    public const string HeadersTooLarge = "AG6602";

    /// <summary>The body has a media type the route does not take.</summary>
    public const string MediaTypeRefused = "AG6603";

    /// <summary>The Host header names a server this one is not.</summary>
    public const string HostRefused = "AG6604";

    /// <summary>The request took longer than requests may.</summary>
    public const string RequestTimedOut = "AG6605";

    /// <summary>Requests from this address are refused for a while.</summary>
    public const string AddressBlocked = "AG6606";

    /// <summary>The route does not take this method.</summary>
    public const string MethodRefused = "AG6607";

    /// <summary>The request was refused by a status alone; nothing more is known.</summary>
    public const string RequestRefused = "AG6608";

    /// <summary>The server answers under any name, because none is configured.</summary>
    public const string AnyHostAnswered = "AG6609";

    /// <summary>Blocked addresses cannot be read.</summary>
    public const string BlocklistUnreadable = "AG6610";

    /// <summary>Blocked addresses made room for others before their time.</summary>
    public const string BlocklistFull = "AG6611";

    /// <summary>An address cannot be blocked as asked.</summary>
    public const string BlockInvalid = "AG6612";

    /// <summary>A security event could not be counted.</summary>
    public const string SecurityEventFailed = "AG6613";

    /// <summary>Security events were dropped because too many waited.</summary>
    public const string SecurityEventsDropped = "AG6614";

    /// <summary>There is no such blocked address.</summary>
    public const string BlockUnknown = "AG6615";

    /// <summary>Blocked addresses that have ended could not be deleted; it is tried again.</summary>
    public const string BlocklistUpkeepFailed = "AG6616";

    /// <summary>An address is blocked by one server alone, because the store did not take it.</summary>
    public const string BlockNotStored = "AG6617";
}
