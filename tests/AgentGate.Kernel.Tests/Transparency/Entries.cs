using System.Buffers;
using System.Security.Cryptography;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Kernel.Tests.Transparency;

/// <summary>Entries and logs for tests.</summary>
internal static class Entries
{
    public static LogKey Key(string id = "k1") => new(id, SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(id)));

    public static LogEntryBody Minimal(int number = 1) => new()
    {
        Id = $"id-{number}",
        Kind = EntryKind.Admin,
        At = new DateTimeOffset(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero).AddSeconds(number),
        Tenant = "default",
    };

    /// <summary>A body in which every member may be present or absent and every text may need escaping.</summary>
    public static LogEntryBody Any(Random random) => new()
    {
        Id = Text(random),
        Kind = Pick(random, Enum.GetValues<EntryKind>()),
        At = new DateTimeOffset(random.NextInt64(DateTime.MaxValue.Ticks), TimeSpan.Zero),
        Tenant = Text(random),
        CallId = Maybe(random),
        ParentCallId = Maybe(random),
        Door = Maybe(random),
        Principal = Maybe(random),
        Action = Maybe(random),
        Resource = random.Next(2) == 0 ? null : new EntityRef(Text(random), Text(random)),
        AlsoRequired = [.. Enumerable.Range(0, random.Next(3)).Select(_ => new ResourceRequest(Text(random), EntityRef.Tool(Text(random))))],
        Decision = random.Next(2) == 0 ? null : Pick(random, Enum.GetValues<DecisionKind>()),
        Code = Maybe(random),
        Verdicts = [.. Enumerable.Range(0, random.Next(4)).Select(_ => new VerdictRecord(
            Text(random),
            Text(random),
            Maybe(random),
            random.Next(2) == 0,
            random.Next(2) == 0,
            [.. Enumerable.Range(0, random.Next(3)).Select(_ => new Finding(Text(random), Maybe(random), random.Next(), Maybe(random)))],
            TimeSpan.FromMicroseconds(random.Next())))],
        ContentDigest = Maybe(random),
        RawBinding = Maybe(random),
        TransportDigest = Maybe(random),
        ResponseDigest = Maybe(random),
        Targets = [.. Enumerable.Range(0, random.Next(3)).Select(_ => new EffectTarget(Text(random), Text(random), Maybe(random)))],
        Unread = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Text(random))],
        Outcome = random.Next(2) == 0 ? null : Pick(random, Enum.GetValues<OutcomeKind>()),
        Usage = random.Next(2) == 0 ? null : new Usage(random.Next(), random.NextInt64())
        {
            CachedInputTokens = random.Next(2) * random.Next(),
            CacheWriteTokens = random.Next(2) * random.Next(),
            LongCacheWriteTokens = random.Next(2) * random.Next(),
            ReasoningTokens = random.Next(2) * random.Next(),
            Estimated = random.Next(2) == 0,
            CostUsd = random.Next(2) == 0 ? null : random.Next() / 1_000_000_000m,
        },
        Budgets = [.. Enumerable.Range(0, random.Next(3)).Select(_ => new BudgetPosting(
            Text(random), Text(random), new DateTimeOffset(random.NextInt64(DateTime.MaxValue.Ticks), TimeSpan.Zero), random.Next()))],
        Durability = Maybe(random),
        Count = random.Next(2) == 0 ? null : random.Next(),
        Detail = Maybe(random),
    };

    public static (byte[] Entry, byte[] Hash, ChainHead Head) Append(LogEntryBody body, ChainHead head, LogKey key)
    {
        var output = new ArrayBufferWriter<byte>();
        var next = LogChain.Append(output, body, head, key);
        return (output.WrittenSpan.ToArray(), next.Hash.ToArray(), next);
    }

    public static List<(long Seq, byte[] Entry, byte[] Hash)> Log(int count, LogKey key)
    {
        var head = ChainHead.Genesis;
        var rows = new List<(long, byte[], byte[])>();
        for (var i = 1; i <= count; i++)
        {
            (var entry, var hash, head) = Append(Minimal(i), head, key);
            rows.Add((i, entry, hash));
        }

        return rows;
    }

    private static string Text(Random random)
        => string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => (char)random.Next(random.Next(4) == 0 ? 0xD7FF : 0x7F)));

    private static string? Maybe(Random random) => random.Next(2) == 0 ? null : Text(random);

    private static T Pick<T>(Random random, T[] values) => values[random.Next(values.Length)];
}
