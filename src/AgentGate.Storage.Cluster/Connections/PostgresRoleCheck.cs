using AgentGate.Diagnostics;
using Npgsql;

namespace AgentGate.Storage.Cluster.Connections;

/// <summary>
/// That connections are under the role that row-level security binds. The role is a startup option, which a pooler may drop and some
/// releases of PostgreSQL lose when the pool resets a session (CVE-2024-10978); what rests on it is asked for, not assumed.
/// </summary>
internal static class PostgresRoleCheck
{
    /// <summary>
    /// Uses one connection again and again: first fresh, then after the pool's reset, then after the reset of a session that has
    /// prepared statements, which the pool does with other commands.
    /// </summary>
    private const int Uses = 3;

    /// <summary>Checks a source of connections.</summary>
    /// <exception cref="InvalidOperationException">The role is not kept, or is not bound; the message says what to do.</exception>
    public static async Task RequireAsync(PostgresDatabase database, NpgsqlDataSource source, string role, CancellationToken cancellationToken)
    {
        for (var use = 1; use <= Uses; use++)
        {
            await using var connection = await PostgresFaults.OpenAsync(database, source, cancellationToken);
            await using var command = new NpgsqlCommand(
                "SELECT current_user::text, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = $1", connection) { Parameters = { new() { Value = role } } };
            if (use == Uses - 1)
            {
                await command.PrepareAsync(cancellationToken);
            }

            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken) || reader.GetString(0) != role)
            {
                throw NotKept(database, role);
            }

            if (reader.GetBoolean(1))
            {
                throw new InvalidOperationException(
                    $"{Codes.RoleNotKept}: the role {role} of {database.Name} is a superuser or passes row-level security, so nothing would keep tenants apart. "
                    + $"An administrator runs ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS; then the server is started again.");
            }
        }
    }

    /// <summary>Connections turned out to be under another role.</summary>
    public static InvalidOperationException NotKept(PostgresDatabase database, string role) => new(
        $"{Codes.RoleNotKept}: a connection to {database.Name} is not under the role {role} that was asked for at its start. "
        + "Connect to PostgreSQL itself and not to a pooler that drops startup options, and use its newest minor release.");
}
