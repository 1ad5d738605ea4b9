namespace AgentGate.Diagnostics;

/// <summary>Codes of certificates and evidence (AG404x).</summary>
public static partial class Codes
{
    /// <summary>A decision could not be certified; the call is denied.</summary>
    public const string CertificateNotMade = "AG4040";

    /// <summary>There is no certificate of that decision.</summary>
    public const string CertificateNotFound = "AG4041";

    /// <summary>Stored evidence was changed, moved, or encrypted under another master key.</summary>
    public const string EvidenceIntegrity = "AG4042";

    /// <summary>A request for certificates is not usable.</summary>
    public const string CertificateQueryInvalid = "AG4043";

    /// <summary>A certificate's bundle cannot be put together now: no checkpoint covers its entry yet.</summary>
    public const string BundleNotReady = "AG4044";
}
