namespace AgentGate.Diagnostics;

public static partial class Codes
{
    /// <summary>A held call could not be put before people, or its approval could not be read; nothing was done.</summary>
    public const string ApprovalNotKept = "AG2501";

    /// <summary>A person refused the call.</summary>
    public const string ApprovalRefused = "AG2502";

    /// <summary>Nobody approved the call in time, or the approval was not used in time.</summary>
    public const string ApprovalExpired = "AG2503";

    /// <summary>The approval was used before.</summary>
    public const string ApprovalUsed = "AG2504";

    /// <summary>The approval was given for another call.</summary>
    public const string ApprovalDiffers = "AG2505";

    /// <summary>There is no such approval.</summary>
    public const string ApprovalNotFound = "AG2506";

    /// <summary>The approval was decided before.</summary>
    public const string ApprovalDecided = "AG2507";

    /// <summary>Somebody would approve what they or their agents ask for.</summary>
    public const string ApprovalOwn = "AG2508";

    /// <summary>Too many calls of one principal wait for people.</summary>
    public const string ApprovalsTooMany = "AG2509";

    /// <summary>The options of approvals are not valid.</summary>
    public const string ApprovalOptionsInvalid = "AG2510";

    /// <summary>What became of an approval could not be put on record; it is tried again, and the call waits.</summary>
    public const string ApprovalNotRecorded = "AG2511";

    /// <summary>A request about approvals has a field that is not usable.</summary>
    public const string ApprovalRequestInvalid = "AG2512";
}
