namespace AgentGate.Diagnostics;

/// <summary>Codes of the first-run setup (AG68xx).</summary>
public static partial class Codes
{
    /// <summary>There is a user: the setup is over.</summary>
    public const string SetupClosed = "AG6801";

    /// <summary>The setup was not asked for by a page of this server or of an allowed origin.</summary>
    public const string SetupFromElsewhere = "AG6802";

    /// <summary>The setup needs the code the server wrote for its operator.</summary>
    public const string SetupCodeNeeded = "AG6803";

    /// <summary>The first API key could not be made; the user was.</summary>
    public const string SetupKeyFailed = "AG6804";
}
