using System.Collections.Immutable;
using System.Data.Common;
using AgentGate.Certificates;

namespace AgentGate.Storage.Certificates;

/// <summary>Rows of certificates as every database has them.</summary>
internal static class CertificateReading
{
    /// <summary>The columns <see cref="Read"/> expects, in this order.</summary>
    public const string Columns = "decision_id, call_id, seq, created_at, result, decision, alpha_hash, gamma_hash, principal, body, seal";

    /// <summary>The column a lookup compares.</summary>
    public static string ColumnOf(CertificateHash hash) => hash switch
    {
        CertificateHash.Alpha => "alpha_hash",
        CertificateHash.Gamma => "gamma_hash",
        _ => "theorem_hash",
    };

    /// <summary>The row the reader stands on.</summary>
    public static StoredCertificate Read(DbDataReader reader, string tenant) => new()
    {
        Tenant = tenant,
        DecisionId = reader.GetString(0),
        CallId = reader.GetString(1),
        Seq = reader.GetInt64(2),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(3)),
        Result = reader.GetString(4),
        Decision = reader.GetString(5),
        AlphaHash = reader.IsDBNull(6) ? null : reader.GetString(6),
        GammaHash = reader.IsDBNull(7) ? null : reader.GetString(7),
        Principal = reader.GetString(8),
        Body = reader.GetFieldValue<byte[]>(9),
        Seal = SealFormat.Read(reader.GetFieldValue<byte[]>(10)),
    };

    /// <summary>Counts of counts: rows of result, decision and how many.</summary>
    public static CertificateCounts Sum(List<(string Result, string Decision, long Count)> rows)
        => new(rows.Sum(static row => row.Count), By(rows, static row => row.Result), By(rows, static row => row.Decision));

    private static ImmutableSortedDictionary<string, long> By(
        List<(string Result, string Decision, long Count)> rows, Func<(string Result, string Decision, long Count), string> key)
        => rows.GroupBy(key).ToImmutableSortedDictionary(static group => group.Key, static group => group.Sum(row => row.Count), StringComparer.Ordinal);
}
