using AgentGate.Kernel.Transparency;

namespace AgentGate.Storage.Audit;

/// <summary>Rows of open intents as every database has them.</summary>
internal static class OpenIntents
{
    /// <summary>An open intent. One that was spoiled or removed is still closed, by what is known of it: it must not stop the start.</summary>
    public static LogEntry Read(long seq, string tenant, string callId, byte[] entry)
    {
        try
        {
            return LogEntryParser.Parse(entry);
        }
        catch (FormatException)
        {
            return new LogEntry(seq, string.Empty, new LogEntryBody
            {
                Id = string.Empty,
                Kind = EntryKind.Intent,
                At = DateTimeOffset.UnixEpoch,
                Tenant = tenant,
                CallId = callId,
            });
        }
    }
}
