using System.Text;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using FsCheck.Xunit;

namespace AgentGate.Kernel.Tests.Transparency;

public sealed class LogEntryFormatTests
{
    [Fact]
    public void The_format_is_the_one_on_file()
    {
        var body = Entries.Minimal() with
        {
            Kind = EntryKind.Outcome,
            CallId = "c1",
            Resource = EntityRef.Model("gpt-x"),
            Decision = DecisionKind.Allow,
            Outcome = OutcomeKind.Completed,
            Usage = new Usage(3, 4),
            Targets = [new EffectTarget("openai", "gpt-x")],
            Verdicts = [new VerdictRecord("Pii", "transform", null, Shadow: true, FailedOpen: false, [new Finding("SSN", "/a", 2)], TimeSpan.FromMicroseconds(12))],
        };

        Assert.Equal(
            """{"at":"2026-01-02T03:04:06.678Z","call_id":"c1","decision":"allow","id":"id-1","key_id":"k1","kind":"outcome","outcome":"completed","resource":{"id":"gpt-x","type":"AgentGate::Model"},"seq":1,"targets":[{"name":"gpt-x","provider":"openai"}],"tenant":"default","usage":{"input_tokens":3,"output_tokens":4},"verdicts":[{"answer":"transform","elapsed_us":12,"findings":[{"address":"/a","count":2,"rule":"SSN"}],"guard":"Pii","shadow":true}],"version":2}""",
            Text(body));
    }

    [Property(MaxTest = 500)]
    public void What_is_written_is_canonical_already(int seed)
    {
        var entry = Bytes(Entries.Any(new Random(seed)));
        Assert.Equal(CanonicalJson.Canonicalize(entry), entry);
    }

    [Property(MaxTest = 500)]
    public void What_is_written_reads_back_as_the_same_entry(int seed)
    {
        var entry = Bytes(Entries.Any(new Random(seed)));
        var read = LogEntryParser.Parse(entry);

        Assert.Equal("k1", read.KeyId);
        Assert.Equal(1, read.Seq);
        Assert.Equal(entry, Bytes(read.Body));
    }

    [Property(MaxTest = 300)]
    public void A_changed_byte_is_refused_or_changes_the_entry(int seed)
    {
        var random = new Random(seed);
        var entry = Bytes(Entries.Any(random));
        var changed = (byte[])entry.Clone();
        changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
        try
        {
            var read = LogEntryParser.Parse(changed);
            Assert.NotEqual(entry, Entries.Append(read.Body, new ChainHead(read.Seq - 1, new byte[32]), Entries.Key() with { Id = read.KeyId }).Entry);
        }
        catch (FormatException)
        {
        }
    }

    [Theory]
    [InlineData("\"version\":2", "\"version\":3")]
    [InlineData("\"seq\":1", "\"seq\":1,\"surprise\":1")]
    [InlineData("\"seq\":1", "\"seq\":1,\"seq\":1")]
    [InlineData("\"seq\":1", "\"seq\": 1")]
    [InlineData("\"kind\":\"admin\"", "\"kind\":\"Admin\"")]
    [InlineData("\"kind\":\"admin\"", "\"kind\":null")]
    [InlineData(".678Z", ".6780Z")]
    [InlineData("\"tenant\":\"default\",", "")]
    public void Anything_but_the_exact_form_is_refused(string part, string replacement)
    {
        var text = Text(Entries.Minimal());
        var changed = text.Replace(part, replacement, StringComparison.Ordinal);

        Assert.NotEqual(text, changed);
        Assert.Throws<FormatException>(() => LogEntryParser.Parse(Encoding.UTF8.GetBytes(changed)));
    }

    [Fact]
    public void An_entry_of_the_first_version_reads_back_as_it_was_written()
    {
        var first = Bytes(Entries.Minimal() with { Version = 1 });

        Assert.Equal(1, LogEntryParser.Parse(first).Body.Version);
        Assert.Equal(first, Bytes(LogEntryParser.Parse(first).Body));
    }

    [Theory]
    [InlineData("decision_id")]
    [InlineData("certificate_hash")]
    [InlineData("statement")]
    public void An_entry_of_the_first_version_holds_nothing_of_the_second(string member)
    {
        var second = Text(Entries.Minimal() with { DecisionId = "d", CertificateHash = "c", Statement = "s" });
        Assert.Contains($"\"{member}\":", second, StringComparison.Ordinal);

        var mixed = second.Replace("\"version\":2", "\"version\":1", StringComparison.Ordinal);
        Assert.Throws<FormatException>(() => LogEntryParser.Parse(Encoding.UTF8.GetBytes(mixed)));
    }

    [Fact]
    public void A_count_beyond_what_a_double_holds_exactly_is_capped()
        => Assert.Contains("\"input_tokens\":9007199254740991,", Text(Entries.Minimal() with { Usage = new Usage(long.MaxValue, 0) }), StringComparison.Ordinal);

    [Fact]
    public void A_lone_surrogate_cannot_break_the_log()
        => Assert.Equal("\ufffd", LogEntryParser.Parse(Bytes(Entries.Minimal() with { Detail = "\ud800" })).Body.Detail);

    private static byte[] Bytes(LogEntryBody body) => Entries.Append(body, ChainHead.Genesis, Entries.Key()).Entry;

    private static string Text(LogEntryBody body) => Encoding.UTF8.GetString(Bytes(body));
}
