namespace AgentGate.Diagnostics;

/// <summary>Codes of alerts (AG67xx).</summary>
public static partial class Codes
{
    /// <summary>An alert was raised.</summary>
    public const string AlertRaised = "AG6701";

    /// <summary>An alert could not be delivered, and nobody tries any more.</summary>
    public const string AlertGivenUp = "AG6702";

    /// <summary>An alert could not be delivered now; it is tried again.</summary>
    public const string AlertNotDelivered = "AG6703";

    /// <summary>An alert could not be put into the queue.</summary>
    public const string AlertNotQueued = "AG6704";

    /// <summary>The queue of alerts cannot be read; it is tried again.</summary>
    public const string AlertQueueUnreadable = "AG6705";

    /// <summary>A request about alerts is not usable.</summary>
    public const string AlertRequestInvalid = "AG6706";

    /// <summary>A channel of alerts failed in a way nobody foresaw.</summary>
    public const string AlertChannelFailed = "AG6707";
}
