using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using NpgsqlTypes;

namespace AgentGate.Storage.Cluster.Copying;

/// <summary>Which tables are copied, in which order: every one of the model, those that others point to first.</summary>
internal static class CopyPlan
{
    /// <summary>What the servers of a cluster keep for themselves: not copied, and empty where no server was ever started.</summary>
    public static readonly IReadOnlyList<string> OfServers =
        ["server_keys", "log_instances", "log_checkpoints", "budget_balances", "budget_reservations", "budget_posted", "limit_epochs", "limit_seats"];

    /// <summary>What migrations fill: which were applied, and how often each topic changed.</summary>
    public static readonly IReadOnlyList<string> OfMigrations = ["__EFMigrationsHistory", "change_versions"];

    /// <summary>The tables, from the model both profiles share.</summary>
    /// <exception cref="NotSupportedException">A column has a type that copying does not know: add it here.</exception>
    public static IReadOnlyList<CopiedTable> Tables()
    {
        using var context = new AgentGateDbContext(PostgresContexts.Options("Host=nowhere"));
        var (ordered, waiting) = (new List<IEntityType>(), context.Model.GetEntityTypes().OrderBy(type => type.GetTableName(), StringComparer.Ordinal).ToList());
        while (waiting.Count > 0)
        {
            var next = waiting.First(type => type.GetForeignKeys().All(key => key.PrincipalEntityType == type || !waiting.Contains(key.PrincipalEntityType)));
            waiting.Remove(next);
            ordered.Add(next);
        }

        return [.. ordered.Select(Table)];
    }

    private static CopiedTable Table(IEntityType type)
    {
        var name = type.GetTableName()!;
        return new CopiedTable(
            name,
            [.. type.GetProperties().Select(property => new CopiedColumn(property.GetColumnName(), TypeOf(name, property), IsGenerated(property)))],
            [.. type.FindPrimaryKey()!.Properties.Select(property => property.GetColumnName())]);
    }

    private static bool IsGenerated(IProperty property)
        => property.ValueGenerated == ValueGenerated.OnAdd && property.IsPrimaryKey() && property.ClrType is { } type && (type == typeof(long) || type == typeof(int));

    private static NpgsqlDbType TypeOf(string table, IProperty property) => property.GetColumnType() switch
    {
        "text" => NpgsqlDbType.Text,
        "bytea" => NpgsqlDbType.Bytea,
        "bigint" => NpgsqlDbType.Bigint,
        "integer" => NpgsqlDbType.Integer,
        "boolean" => NpgsqlDbType.Boolean,
        var other => throw new NotSupportedException($"{table}.{property.GetColumnName()} has the type {other}, which copying does not know."),
    };
}
