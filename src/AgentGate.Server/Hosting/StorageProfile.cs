using AgentGate.Diagnostics;
using AgentGate.Storage.Cluster.Connections;
using Npgsql;

namespace AgentGate.Server.Hosting;

/// <summary>
/// Which stores a server works on: a file of its own (<c>embedded</c>), or PostgreSQL and Redis shared with other servers
/// (<c>cluster</c>). Immutable. Not a record: it holds passwords, and records print themselves.
/// </summary>
internal sealed class StorageProfile
{
    /// <summary>The URL of PostgreSQL.</summary>
    public const string DatabaseName = "DATABASE_URL";

    /// <summary>The URL of PostgreSQL with the login of the tables' owner, where that is another than the servers'.</summary>
    public const string OwnerName = "DATABASE_OWNER_URL";

    /// <summary>The URL of Redis.</summary>
    public const string RedisName = "REDIS_URL";

    private const string ProfileName = "AGENTGATE_PROFILE";
    private const string PublishedProfileName = "AGENTGATE_RUNTIME_PROFILE";
    private const string Embedded = "embedded";
    private const string Cluster = "cluster";

    private StorageProfile()
    {
    }

    /// <summary>Whether stores are shared with other servers.</summary>
    public bool IsCluster => Database is not null;

    /// <summary><c>embedded</c> or <c>cluster</c>.</summary>
    public string Name => IsCluster ? Cluster : Embedded;

    /// <summary>PostgreSQL, in the cluster.</summary>
    public NpgsqlConnectionStringBuilder? Database { get; private init; }

    /// <summary>The same with the owner's login, where it is set.</summary>
    public NpgsqlConnectionStringBuilder? Owner { get; private init; }

    /// <summary>Redis, in the cluster.</summary>
    public RedisUrl? Redis { get; private init; }

    /// <summary>Whether the server migrates the database at its start.</summary>
    public bool MigrateOnStart { get; private init; } = true;

    /// <summary>Reads the profile: both URLs make a cluster, neither the embedded profile, and anything between stops the start.</summary>
    /// <exception cref="InvalidOperationException">The settings contradict each other; the message says what to do and holds no secret.</exception>
    public static StorageProfile Read(IConfiguration configuration)
    {
        var named = Named(configuration);
        var (database, owner, redis) = (Setting(configuration, DatabaseName), Setting(configuration, OwnerName), Setting(configuration, RedisName));
        if (named == Embedded && (database ?? redis ?? owner) is not null)
        {
            throw Contradiction(
                $"{ProfileName} is {Embedded}, and {string.Join(" and ", SetNames(database, owner, redis))} say where shared stores are. Take out the one or the other.");
        }

        if (named != Cluster && database is null && redis is null && owner is null)
        {
            return new StorageProfile();
        }

        if (database is null)
        {
            throw Contradiction(
                $"{(redis is not null ? $"{RedisName} is set" : owner is not null ? $"{OwnerName} is set" : $"{ProfileName} is {Cluster}")} and {DatabaseName} is not. "
                + $"A cluster needs PostgreSQL and Redis: set {DatabaseName}=postgresql://user:password@host:5432/database and {RedisName}=redis://host:6379, or neither.");
        }

        if (redis is null)
        {
            throw Contradiction(
                $"{DatabaseName} is set and {RedisName} is not. A cluster counts the limits of all its servers in Redis: set {RedisName}=redis://host:6379. "
                + "A single server with its own file needs neither.");
        }

        return new StorageProfile
        {
            Database = PostgresUrl.Read(DatabaseName, database),
            Owner = owner is null ? null : PostgresUrl.Read(OwnerName, owner),
            Redis = RedisUrl.Read(RedisName, redis),
            MigrateOnStart = configuration.GetValue("AgentGate:Database:MigrateOnStart", true),
        };
    }

    private static string? Named(IConfiguration configuration)
    {
        var (ours, published) = (Setting(configuration, ProfileName)?.ToLowerInvariant(), Setting(configuration, PublishedProfileName)?.ToLowerInvariant());
        if (ours is not null && published is not null && ours != published)
        {
            throw Contradiction($"{ProfileName} is \"{ours}\" and {PublishedProfileName} is \"{published}\"; they are two names of one setting. Take one out.");
        }

        return (ours ?? published) switch
        {
            null => null,
            Embedded => Embedded,
            Cluster => Cluster,
            var other => throw new InvalidOperationException(
                $"{Codes.ConfigurationInvalid}: {(ours is null ? PublishedProfileName : ProfileName)} is \"{other}\"; the profiles are {Embedded} (a file, one server) and {Cluster} (PostgreSQL and Redis)."),
        };
    }

    private static string? Setting(IConfiguration configuration, string name) => configuration[name] is { Length: > 0 } value ? value : null;

    private static IEnumerable<string> SetNames(string? database, string? owner, string? redis)
        => new[] { (DatabaseName, database), (OwnerName, owner), (RedisName, redis) }.Where(pair => pair.Item2 is not null).Select(pair => pair.Item1);

    private static InvalidOperationException Contradiction(string message) => new($"{Codes.ProfileContradicts}: {message}");
}
