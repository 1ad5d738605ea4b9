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

    /// <summary>The profile that was named and the stores that were set contradict each other, or half of them is missing.</summary>
    public const string ProfileContradicts = "AG7010";

    /// <summary>A shared store (PostgreSQL, Redis) cannot be reached at the start.</summary>
    public const string SharedStoreUnreachable = "AG7011";

    /// <summary>A shared store refuses the login, or its certificate is not the one asked for.</summary>
    public const string SharedStoreRefused = "AG7012";

    /// <summary>The database was migrated by a newer program.</summary>
    public const string SchemaNewer = "AG7013";

    /// <summary>The database is older than the program, and migrating at the start is switched off.</summary>
    public const string MigrationsPending = "AG7014";

    /// <summary>The roles servers work under are missing and cannot be made by the login.</summary>
    public const string RolesMissing = "AG7015";

    /// <summary>Another server of the cluster has other keys.</summary>
    public const string ServerKeysDiffer = "AG7016";

    /// <summary><c>--fresh</c> was asked of a server of a cluster.</summary>
    public const string FreshInCluster = "AG7017";

    /// <summary>The login may not make tables in the database.</summary>
    public const string SchemaNotOwned = "AG7018";

    /// <summary>A shared store that was there cannot be reached now.</summary>
    public const string SharedStoreLost = "AG7019";

    /// <summary>Servers of the cluster are running, and what was asked needs them stopped.</summary>
    public const string ServersRunning = "AG7020";

    /// <summary>A database file cannot be copied: source or target is not fit.</summary>
    public const string CopyRefused = "AG7021";

    /// <summary>What was copied is not what the source holds, or does not verify; nothing was kept.</summary>
    public const string CopyDiffers = "AG7022";

    /// <summary>A service that this server watches fails.</summary>
    public const string MonitoredServiceFails = "AG7023";

    /// <summary>A variable of AgentGate 1.0 is set that nothing here obeys.</summary>
    public const string PublishedNameIgnored = "AG7025";
}
