using NpgsqlTypes;

namespace AgentGate.Storage.Cluster.Copying;

/// <summary>A table as both databases have it. Immutable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Columns">Its columns, in the order they are copied in.</param>
/// <param name="Key">The columns of its primary key: rows are compared in their order.</param>
internal sealed record CopiedTable(string Name, IReadOnlyList<CopiedColumn> Columns, IReadOnlyList<string> Key)
{
    /// <summary>Reads every row in the order of the key.</summary>
    public string SelectInOrder => $"SELECT {Names} FROM \"{Name}\" ORDER BY {string.Join(", ", Key.Select(Quoted))}";

    /// <summary>Takes rows in PostgreSQL's binary form.</summary>
    public string CopyIn => $"COPY \"{Name}\" ({Names}) FROM STDIN (FORMAT BINARY)";

    private string Names => string.Join(", ", Columns.Select(column => Quoted(column.Name)));

    private static string Quoted(string name) => $"\"{name}\"";
}

/// <summary>A column of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type in PostgreSQL.</param>
/// <param name="IsGenerated">Whether the database gives numbers to new rows: its counter goes on after the last copied one.</param>
internal sealed record CopiedColumn(string Name, NpgsqlDbType Type, bool IsGenerated);
