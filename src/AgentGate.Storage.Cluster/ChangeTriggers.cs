using System.Globalization;
using Microsoft.EntityFrameworkCore.Migrations;

namespace AgentGate.Storage.Cluster;

/// <summary>
/// What makes a table tell of its changes: triggers that raise the version of a topic in the transaction of the change, and notify. The row
/// of the topic stays locked until that transaction ends, so versions become visible in their order and none is skipped.
/// </summary>
internal static class ChangeTriggers
{
    /// <summary>
    /// The table of versions and what raises them. Its owner's function: the roles servers work under read versions, and raise none past it.
    /// A statement that changed no row tells of nothing.
    /// </summary>
    public const string Sql =
        $"""
        CREATE TABLE change_versions (topic text COLLATE "C" PRIMARY KEY, version bigint NOT NULL);
        CREATE FUNCTION agentgate_raise_version(changed text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $do$
            INSERT INTO change_versions VALUES (changed, 1) ON CONFLICT (topic) DO UPDATE SET version = change_versions.version + 1;
            SELECT pg_notify('{Connections.PostgresChangeFeed.Channel}', changed);
        $do$;
        REVOKE EXECUTE ON FUNCTION agentgate_raise_version FROM PUBLIC;
        CREATE FUNCTION agentgate_rows_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $do$
        BEGIN
            IF EXISTS (SELECT 1 FROM changed_rows) THEN
                PERFORM agentgate_raise_version(TG_ARGV[0]);
            END IF;
            RETURN NULL;
        END $do$;
        CREATE FUNCTION agentgate_row_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $do$
        BEGIN
            PERFORM agentgate_raise_version(TG_ARGV[0]);
            RETURN NULL;
        END $do$;
        REVOKE EXECUTE ON FUNCTION agentgate_rows_changed, agentgate_row_changed FROM PUBLIC;
        """;

    /// <summary>Makes every change of a table raise the version of a topic.</summary>
    /// <param name="migration">A migration after the one that runs <see cref="Sql"/>.</param>
    /// <param name="table">The table.</param>
    /// <param name="topic">The topic.</param>
    public static void Follow(MigrationBuilder migration, string table, string topic)
    {
        Follow(migration, table, topic, "insert", "NEW");
        Follow(migration, table, topic, "delete", "OLD");
        Follow(migration, table, topic, "update", "NEW");
    }

    /// <summary>The same for a table with columns that change without meaning anything: an update counts where one of the named ones differs.</summary>
    public static void Follow(MigrationBuilder migration, string table, string topic, params string[] columns)
    {
        Follow(migration, table, topic, "insert", "NEW");
        Follow(migration, table, topic, "delete", "OLD");
        FollowUpdates(migration, table, topic, columns);
    }

    /// <summary>The same for a table whose new rows change nothing that anybody holds: an update counts where one of the named columns differs.</summary>
    public static void FollowUpdates(MigrationBuilder migration, string table, string topic, params string[] columns)
    {
        var differs = string.Join(" OR ", columns.Select(column => $"OLD.{column} IS DISTINCT FROM NEW.{column}"));
        migration.Sql($"CREATE TRIGGER {table}_update_is_followed AFTER UPDATE ON {table} FOR EACH ROW WHEN ({differs}) EXECUTE FUNCTION agentgate_row_changed('{topic}')");
    }

    private static void Follow(MigrationBuilder migration, string table, string topic, string change, string rows)
        => migration.Sql(
            $"CREATE TRIGGER {table}_{change}_is_followed AFTER {change.ToUpper(CultureInfo.InvariantCulture)} ON {table} "
            + $"REFERENCING {rows} TABLE AS changed_rows FOR EACH STATEMENT EXECUTE FUNCTION agentgate_rows_changed('{topic}')");
}
