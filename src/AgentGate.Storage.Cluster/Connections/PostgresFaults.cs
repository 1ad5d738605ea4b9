using System.Net.Sockets;
using System.Security.Authentication;
using AgentGate.Diagnostics;
using Npgsql;

namespace AgentGate.Storage.Cluster.Connections;

/// <summary>Says in a sentence why a database cannot be used, and what to do. Never repeats a password.</summary>
internal static class PostgresFaults
{
    /// <summary>Opens a connection, or says why not.</summary>
    /// <exception cref="InvalidOperationException">It cannot be opened; the message says what to do.</exception>
    public static async Task<NpgsqlConnection> OpenAsync(PostgresDatabase database, NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        try
        {
            return await source.OpenConnectionAsync(cancellationToken);
        }
        catch (Exception refused) when (refused is NpgsqlException or AuthenticationException or SocketException or TimeoutException or IOException)
        {
            throw Said(database, refused);
        }
    }

    /// <summary>The failure as a message of the start.</summary>
    public static InvalidOperationException Said(PostgresDatabase database, Exception refused) => new(
        refused switch
        {
            PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification } login
                => $"{Codes.SharedStoreRefused}: the database {database.Name} refuses the login \"{database.User}\" ({login.SqlState}). Correct user and password in DATABASE_URL, or the server's pg_hba.conf.",
            PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName }
                => $"{Codes.SharedStoreUnreachable}: the database {database.Name} does not exist. Its administrator creates it: CREATE DATABASE \"{database.DatabaseName}\" OWNER \"{database.OwnerUser}\";",
            PostgresException { SqlState: PostgresErrorCodes.InvalidParameterValue or PostgresErrorCodes.InsufficientPrivilege } role
                => $"{Codes.RolesMissing}: the login \"{database.User}\" cannot work under the roles of AgentGate in {database.Name} ({role.SqlState}). {RolesSql(database)}",
            PostgresException other
                => $"{Codes.SharedStoreUnreachable}: the database {database.Name} takes no connection ({other.SqlState}).",
            _ when Find<AuthenticationException>(refused) is { } tls
                => $"{Codes.SharedStoreRefused}: TLS with the database {database.Name} fails: {tls.Message} With sslmode=verify-full the certificate must name the host of DATABASE_URL and come from the authority in sslrootcert.",
            _ when refused.Message.Contains("SSL", StringComparison.Ordinal) || refused.Message.Contains("password", StringComparison.OrdinalIgnoreCase)
                => $"{Codes.SharedStoreRefused}: the database {database.Name} and the login \"{database.User}\" do not agree on how to connect: {refused.Message}",
            _ => $"{Codes.SharedStoreUnreachable}: the database {database.Name} cannot be reached ({Find<SocketException>(refused)?.SocketErrorCode.ToString() ?? "no answer"}). Start PostgreSQL, or correct DATABASE_URL.",
        },
        refused);

    /// <summary>What an administrator runs once where the login may not create roles.</summary>
    public static string RolesSql(PostgresDatabase database)
        => $"""
            An administrator of the database server runs, once:

              CREATE ROLE {PostgresDatabase.TenantRole} NOLOGIN NOSUPERUSER NOBYPASSRLS;
              CREATE ROLE {PostgresDatabase.SystemRole} NOLOGIN NOSUPERUSER NOBYPASSRLS;
              GRANT {PostgresDatabase.TenantRole}, {PostgresDatabase.SystemRole} TO {string.Join(", ", new[] { database.OwnerUser, database.User }.Distinct().Select(user => $"\"{user}\""))};

            (a role that is there already is left out), then the server is started again.
            """;

    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is T found)
            {
                return found;
            }
        }

        return null;
    }
}
