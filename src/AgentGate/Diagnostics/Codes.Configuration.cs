namespace AgentGate.Diagnostics;

public static partial class Codes
{
    /// <summary>A setting is not usable; the host does not start.</summary>
    public const string ConfigurationInvalid = "AG7001";

    /// <summary>The state directory exists and is not ours.</summary>
    public const string StateDirectoryForeign = "AG7002";

    /// <summary>A secret of the state directory or the environment is not usable.</summary>
    public const string SecretUnusable = "AG7003";

    /// <summary>The server failed in a way nobody foresaw; the request was not served.</summary>
    public const string ServerFailed = "AG7004";

    /// <summary>The state directory is in use by a running server.</summary>
    public const string StateDirectoryInUse = "AG7005";
}
