using System.CommandLine;
using AgentGate.Storage.Cluster.Connections;
using Npgsql;

namespace AgentGate.Cli.Database;

/// <summary><c>db</c>: the database of a cluster.</summary>
internal static class DatabaseCommand
{
    /// <summary>The variable with the servers' login.</summary>
    public const string UrlName = "DATABASE_URL";

    /// <summary>The variable with the owner's login, where that is another.</summary>
    public const string OwnerName = "DATABASE_OWNER_URL";

    public static Command Create(Terminal terminal)
        => new("db", "The database of a cluster: migrate it, or move an embedded server's file into it.")
        {
            MigrateCommand.Create(terminal),
            CopyCommand.Create(terminal),
        };

    /// <summary>Opens the database that the command line or the environment names.</summary>
    /// <param name="url">What the command line says.</param>
    /// <param name="owner">What it says of the owner.</param>
    /// <param name="option">The option's name, for the message.</param>
    /// <param name="environment">The environment's variables.</param>
    public static PostgresDatabase Open(string? url, string? owner, string option, Func<string, string?> environment)
    {
        // Whoever names a database here does not mean the owner of the one that the environment names.
        var (urlFrom, ownerFrom) = (url is null ? UrlName : option, owner is null ? OwnerName : "--owner");
        var named = Read(urlFrom, url ?? environment(UrlName));
        var owning = Read(ownerFrom, owner ?? (url is null ? environment(OwnerName) : null));
        return (named ?? owning) is { } login
            ? new PostgresDatabase(login, owning, $"{urlFrom} and {ownerFrom}")
            : throw new UnusableInputException(
                $"Name the database: set {UrlName}=postgresql://user:password@host:5432/database, or give {option}. The variable keeps the password out of the list of processes.");
    }

    /// <summary>Runs what a database may refuse, and ends with its reason.</summary>
    public static int Run(Func<Task<int>> run)
    {
        try
        {
            return run().GetAwaiter().GetResult();
        }
        catch (Exception refused) when (refused is InvalidOperationException or NpgsqlException or IOException or UnauthorizedAccessException)
        {
            throw new UnusableInputException(refused.Message);
        }
    }

    private static NpgsqlConnectionStringBuilder? Read(string name, string? text)
    {
        try
        {
            return string.IsNullOrEmpty(text) ? null : PostgresUrl.Read(name, text);
        }
        catch (InvalidOperationException refused)
        {
            throw new UnusableInputException(refused.Message);
        }
    }
}
