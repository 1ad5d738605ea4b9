using System.Text.Json;
using AgentGate.Audit;
using AgentGate.Client;
using AgentGate.Client.Audit;

namespace AgentGate.Server.Audit;

/// <summary>Stored entries as the API shows them: the canonical members are the wire members.</summary>
internal static class AuditEntryReader
{
    /// <summary>An entry for a list. One that somebody spoiled is shown as such.</summary>
    public static AuditEntry Read(StoredEntry stored)
    {
        var hash = Convert.ToHexStringLower(stored.Hash.Span);
        try
        {
            var entry = JsonSerializer.Deserialize(stored.Canonical.Span, AgentGateJson.Default.AuditEntry);
            return entry is null ? Unreadable(stored, hash) : entry with { Hash = hash };
        }
        catch (JsonException)
        {
            return Unreadable(stored, hash);
        }
    }

    private static AuditEntry Unreadable(StoredEntry stored, string hash) => new() { Seq = stored.Seq, Kind = "unreadable", Hash = hash };
}
