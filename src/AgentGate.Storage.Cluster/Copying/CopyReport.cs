using AgentGate.Storage.Audit;

namespace AgentGate.Storage.Cluster.Copying;

/// <summary>What was copied and what was verified of it. Immutable.</summary>
/// <param name="Rows">The tables, with how many rows each has.</param>
/// <param name="Copied">How long copying took.</param>
/// <param name="Compared">How long comparing every row took.</param>
/// <param name="Verified">How long checking the logs and certificates took.</param>
/// <param name="Logs">What the check of the logs in PostgreSQL gave.</param>
internal sealed record CopyReport(
    IReadOnlyList<(string Table, long Rows)> Rows, TimeSpan Copied, TimeSpan Compared, TimeSpan Verified, FsckReport Logs)
{
    /// <summary>All rows of all tables.</summary>
    public long Total => Rows.Sum(table => table.Rows);
}
