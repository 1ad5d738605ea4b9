namespace AgentGate.Diagnostics;

/// <summary>The stable codes of denials, failures and alarms. A code is never reused for another meaning.</summary>
public static partial class Codes
{
    /// <summary>No configured provider serves the model that was asked for.</summary>
    public const string ModelUnknown = "AG5001";

    /// <summary>The provider that serves the model does not speak the wire format of this door.</summary>
    public const string FormatUnsupported = "AG5002";

    /// <summary>The provider answered with a redirect; redirects are never followed.</summary>
    public const string UpstreamRedirected = "AG5003";

    /// <summary>The provider could not be reached, or the exchange with it broke before an answer was there.</summary>
    public const string UpstreamUnreachable = "AG5004";

    /// <summary>The provider did not connect, answer or go on within the configured time.</summary>
    public const string UpstreamTimeout = "AG5005";

    /// <summary>The provider's answer, or one event of it, is larger than the configured bound.</summary>
    public const string UpstreamTooLarge = "AG5006";

    /// <summary>The provider's answer came in a content encoding that was not asked for.</summary>
    public const string UpstreamEncoded = "AG5007";

    /// <summary>The provider's answer broke off after its beginning was received.</summary>
    public const string UpstreamBroken = "AG5008";

    /// <summary>An effect was about to leave for a target, or with bytes, that its permit does not cover. A bug; nothing left.</summary>
    public const string TargetNotPermitted = "AG5009";

    /// <summary>The configuration of a provider is not usable; the host does not start.</summary>
    public const string ProviderConfiguration = "AG5010";

    /// <summary>The provider refused the request; its own error document goes to the caller past the response guards.</summary>
    public const string UpstreamRefused = "AG5011";

    /// <summary>The provider's answer is not strict JSON.</summary>
    public const string UpstreamInvalid = "AG5012";
}
