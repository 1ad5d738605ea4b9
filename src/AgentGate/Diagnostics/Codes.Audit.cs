namespace AgentGate.Diagnostics;

/// <summary>Codes of the log (AG40xx).</summary>
public static partial class Codes
{
    /// <summary>The store did not take a batch of log entries; the calls that waited for it are refused.</summary>
    public const string LogWriteFailed = "AG4001";

    /// <summary>The queue of the log stayed full for longer than the deadline; the call is refused.</summary>
    public const string LogQueueFull = "AG4002";

    /// <summary>The log is shutting down and takes no more entries.</summary>
    public const string LogClosed = "AG4003";

    /// <summary>The log ends before the head that was recorded for it: entries were removed. Appending goes on so that the gap stays visible.</summary>
    public const string LogShorterThanItsHead = "AG4004";

    /// <summary>At start-up, calls were found whose effect may have run and whose outcome is not known; they were closed as <c>unknown</c>.</summary>
    public const string LogOpenIntentsClosed = "AG4005";

    /// <summary>Verifying a log found it broken.</summary>
    public const string LogBroken = "AG4006";

    /// <summary>The chain key is missing, unreadable, shorter than 32 bytes, or readable by others.</summary>
    public const string LogKeyUnusable = "AG4007";

    /// <summary>Entries written with durability <c>write</c> could not be flushed to the disk in the background.</summary>
    public const string LogSyncFailed = "AG4008";

    /// <summary>A filter, cursor or limit of an audit or trace request cannot be read.</summary>
    public const string AuditQueryInvalid = "AG4010";

    /// <summary>The trace does not exist, or belongs to another tenant.</summary>
    public const string TraceNotFound = "AG4011";

    /// <summary>A signing key is missing, unreadable, readable by others, or of another algorithm than configured.</summary>
    public const string SigningKeyUnusable = "AG4023";

    /// <summary>A signing key was made in the development environment and the server runs in another.</summary>
    public const string DevelopmentKey = "AG4024";

    /// <summary>Entries of a log are missing, so that it has no tree and gets no checkpoints.</summary>
    public const string LogWithoutTree = "AG4022";

    /// <summary>A log is shorter than a checkpoint this server signed for it; the server does not start.</summary>
    public const string LogShorterThanItsCheckpoint = "AG4025";

    /// <summary>A log differs from what it was when this server signed a checkpoint for it; the server does not start.</summary>
    public const string LogDiffersFromItsCheckpoint = "AG4026";

    /// <summary>A checkpoint file beside the database cannot be read or is not signed by a key of this server; the server does not start.</summary>
    public const string CheckpointFileUnusable = "AG4027";

    /// <summary>A checkpoint could not be signed or written; the former one stays.</summary>
    public const string CheckpointFailed = "AG4028";

    /// <summary>A key cannot be rotated as asked.</summary>
    public const string RotationRefused = "AG4030";

    /// <summary>There is no such tile, entry or checkpoint, or it belongs to another tenant.</summary>
    public const string TileNotFound = "AG4031";

    /// <summary>A decision could not be certified; the call is denied.</summary>
    public const string CertificateNotMade = "AG4040";

    /// <summary>There is no certificate of that decision.</summary>
    public const string CertificateNotFound = "AG4041";

    /// <summary>Stored evidence was changed, moved, or encrypted under another master key.</summary>
    public const string EvidenceIntegrity = "AG4042";

    /// <summary>A certificate's bundle cannot be put together now: no checkpoint covers its entry yet.</summary>
    public const string BundleNotReady = "AG4044";

    /// <summary>The application's handler of certificates failed; the decision stands.</summary>
    public const string CertificateHandlerFailed = "AG4049";

    /// <summary>Two servers of a cluster hold different keys: the one that notices appends nothing.</summary>
    public const string LogKeysDiffer = "AG4050";

    /// <summary>The other servers took this one for ended; what it was about to append is refused, and it begins anew.</summary>
    public const string InstanceEnded = "AG4051";

    /// <summary>An outcome came after its call had been closed as <c>unknown</c>; it is refused and the answer withheld.</summary>
    public const string OutcomeTooLate = "AG4052";

    /// <summary>The database has fewer entries of a log than this server knows; it appends nothing to it.</summary>
    public const string LogWentBack = "AG4053";

    /// <summary>What other servers appended to a log does not follow from what this one knows of it; it appends nothing.</summary>
    public const string LogNotTheSame = "AG4054";

    /// <summary>A checkpoint in the database is not signed by a key of this server.</summary>
    public const string SharedCheckpointForeign = "AG4055";

    /// <summary>A server could not say that it is still there, or not close what ended ones left open.</summary>
    public const string InstanceNotRenewed = "AG4056";

    /// <summary>What one tenant wants to put on record is refused; the logs of the others go on.</summary>
    public const string LogRefused = "AG4057";

    /// <summary>A database that broke down lost acknowledged intents or outcomes; an entry for each call says so.</summary>
    public const string CallsLost = "AG4058";
}
