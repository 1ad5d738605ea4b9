using System.Text;
using AgentGate.Cedar.Entities;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Tests.Certificates;
using FsCheck.Xunit;
using static AgentGate.Kernel.Tests.Admissibility.Requests;

namespace AgentGate.Kernel.Tests.Admissibility;

public sealed class AlphaJsonTests
{
    /// <summary>Who changes one of these has changed the format: certificates that were issued must verify for ever.</summary>
    [Fact]
    public void Hashes_are_frozen()
    {
        var knowledge = Knowing(Decided.PermitAll, Demanding(("*", Obligations.MfaRequired), ("read", Obligations.ApprovalRequired)));

        Assert.Equal("99d5291f6c563abf313d1dc4739a692c9a83f95ae3de85447f9524b49a6413c1", Theorem.Hash);
        Assert.Equal("57233efe610a55b53030a0a66327e9668a03d13635e98411ce3af43ac022fa78", AlphaJson.Hash(AlphaJson.Write(Of())));
        Assert.Equal("af120bd0ceb0edd5faa64936c14d6ab2c4bb86cc8f121c37cf55bd38300d56ef", knowledge.PolicySetHash);
        Assert.Equal("afab4874fd426a53bb0f9131ca90f6f6dc904a795170189cb98e6acb1a067ade", SettingsJson.Hash(knowledge.Settings));
        Assert.Equal("9384a52f0833c88bda601b85e4c2977235ed52e36b25b1891095387bd221e625", GammaJson.Hash(Decided.GammaOf(knowledge)));
        Assert.Equal("9556bc46bd73c53cafa0e546b54d08197e5f6727ebd1ed25e1b9e8232d2147fe", CertificateBody.Write(Decided.Stating(Of(), knowledge)).Hash);
        Assert.Equal("ceaf39bccea320132f0b881905414b74dc3b013ee40bb43c113345620092ad63", AlphaJson.Hash(Decided.Of(Of(), knowledge).Certificate));
        Assert.Equal("70d3f3290c127113e2e808a7a055124784a29a325329904795cf872fb840668f", AlphaJson.Hash(Decided.Of(Of(), knowledge).Bundle));
    }

    [Property(MaxTest = 200)]
    public void What_is_written_is_canonical_and_reads_back_the_same(int seed)
    {
        var alpha = Any(new Random(seed));

        var written = AlphaJson.Write(alpha);

        Assert.Equal(Encoding.UTF8.GetString(CanonicalJson.Canonicalize(written)), Encoding.UTF8.GetString(written));
        Assert.Equal(written, AlphaJson.Write(AlphaJson.Parse(written)));
    }

    [Fact]
    public void Shared_stores_and_contexts_stand_once_and_kept_ones_are_the_same_bytes()
    {
        var alpha = Of();
        var question = alpha.Questions[0];
        var written = AlphaJson.Write(alpha);
        var twice = alpha with
        {
            Questions = [question, question with { Demand = QuestionDemand.NoForbid }, question with { Entities = EntityStore.Create(question.Entities.Reverse()), Context = Context() }],
        };

        var read = AlphaJson.Parse(AlphaJson.Write(twice));
        Assert.Same(read.Questions[0].Entities, read.Questions[2].Entities);
        Assert.Same(read.Questions[0].Context, read.Questions[2].Context);
        CanonicalEntities.Keep(question.Entities);
        Assert.Equal(written, AlphaJson.Write(alpha));
    }

    [Theory]
    [InlineData(9_007_199_254_740_992)]
    [InlineData(-9_007_199_254_740_992)]
    public void What_canonical_json_cannot_hold_exactly_has_no_form(long number)
    {
        Assert.Throws<FormatException>(() => AlphaJson.Write(Of(context: Context(("n", new CedarLong(number))))));
        Assert.Contains($"{number - Math.Sign(number)}", Encoding.UTF8.GetString(AlphaJson.Write(Of(context: Context(("n", new CedarLong(number - Math.Sign(number))))))), StringComparison.Ordinal);
    }

    [Fact]
    public void Reserved_names_and_depths_nobody_reads_have_no_form()
    {
        Assert.Throws<FormatException>(() => AlphaJson.Write(Of(context: Context(("__entity", CedarBool.True)))));
        CedarValue deep = CedarBool.True;
        for (var i = 0; i < 57; i++)
        {
            deep = Around(deep);
        }

        Assert.NotEmpty(AlphaJson.Parse(AlphaJson.Write(Of(context: Context(("deep", deep))))).Questions);
        Assert.Throws<FormatException>(() => AlphaJson.Write(Of(context: Context(("deep", Around(Around(Around(Around(deep)))))))));
    }

    private static CedarSet Around(CedarValue value) => new CedarSet(value);

    [Theory]
    [InlineData("\"version\":1", "\"version\":2")]
    [InlineData("\"version\":1", "\"version\":1.0")]
    [InlineData("\"version\":1", "\"version\":1,\"more\":1")]
    [InlineData("\"version\":1", "\"version\":1,\"version\":1")]
    [InlineData("\"demand\":\"permit\"", "\"demand\":\"perhaps\"")]
    [InlineData("\"context\":0", "\"context\":1")]
    [InlineData("\"context\":0", "\"context\":-1")]
    [InlineData("09:30:00.000Z", "09:30:00Z")]
    [InlineData("09:30:00.000Z", "09:30:60.000Z")]
    [InlineData("\"method\":\"key\"", "\"method\":\"trust\"")]
    [InlineData("\"contexts\":[{", "\"contexts\":[[],{")]
    [InlineData("\"attestations\":[]", "\"attestations\":[{\"at\":\"2026-01-31T09:30:00.000Z\",\"by\":\"x\",\"obligation\":\"quorum_required\"}]")]
    public void A_reader_refuses_what_is_not_alpha(string part, string other)
    {
        var text = Encoding.UTF8.GetString(AlphaJson.Write(Of()));
        Assert.Contains(part, text, StringComparison.Ordinal);

        Assert.Throws<FormatException>(() => Parse(text.Replace(part, other, StringComparison.Ordinal)));

        static Alpha Parse(string json)
        {
            try
            {
                return AlphaJson.Parse(Encoding.UTF8.GetBytes(json));
            }
            catch (CanonicalJsonException exception)
            {
                throw new FormatException(exception.Message, exception);
            }
        }
    }

    [Fact]
    public void Knowledge_and_settings_read_back()
    {
        var settings = Demanding(("read", Obligations.ApprovalRequired), ("*", Obligations.MfaRequired)) with { Quorum = new VoteQuorum(1, [new("n2", "k2"), new("n1", "k1")]) };
        var gamma = Decided.GammaOf(Knowing("", settings));

        Assert.Equal(gamma, GammaJson.Parse(GammaJson.Write(gamma)));
        Assert.Equal(SettingsJson.Write(settings), SettingsJson.Write(SettingsJson.Parse(SettingsJson.Write(settings))));
        Assert.Equal(SettingsJson.Hash(settings), SettingsJson.Hash(settings with { Obligations = [.. settings.Obligations.Reverse()] }));
        Assert.Throws<FormatException>(() => SettingsJson.Parse("""{"attestation_seconds":1,"obligations":[{"action":"b","obligation":"mfa_required"},{"action":"a","obligation":"mfa_required"}],"validity_seconds":1,"version":1}"""u8));
        Assert.Throws<FormatException>(() => GammaJson.Parse("{}"u8));
    }

    /// <summary>A request in which every kind of value occurs and every text may need escaping.</summary>
    private static Alpha Any(Random random)
    {
        var alpha = Of(Text(random), Text(random), context: Context([.. Enumerable.Range(0, random.Next(4)).Select(i => ($"{Text(random)}{i}", Value(random, 3)))]));
        return alpha with
        {
            CallId = Text(random),
            ContentDigest = random.Next(2) == 0 ? null : alpha.ContentDigest,
            DelegationRef = random.Next(2) == 0 ? null : Text(random),
            Attestations = random.Next(2) == 0 ? [] : [Attested(Obligations.ApprovalRequired), Attested(Obligations.MfaRequired)],
        };
    }

    private static CedarValue Value(Random random, int depth) => random.Next(depth > 0 ? 10 : 8) switch
    {
        0 => CedarBool.Of(random.Next(2) == 0),
        1 => new CedarLong(random.NextInt64(-9_007_199_254_740_991, 9_007_199_254_740_992)),
        2 => new CedarString(Text(random)),
        3 => new EntityUid("A::B", Text(random)),
        4 => CedarIpAddress.TryParse($"10.0.{random.Next(256)}.0/24", out var ip) ? ip : CedarBool.True,
        5 => new CedarDatetime(random.Next(4) == 0 ? long.MaxValue : random.NextInt64(0, 4_000_000_000_000)),
        6 => new CedarDuration(random.NextInt64()),
        7 => CedarDecimal.TryParse($"{random.Next(1000)}.{random.Next(9999):0000}", out var number) ? number : CedarBool.True,
        8 => new CedarSet([.. Enumerable.Range(0, random.Next(4)).Select(_ => Value(random, depth - 1))]),
        _ => new CedarRecord([.. Enumerable.Range(0, random.Next(4)).Select(i => KeyValuePair.Create($"{Text(random)}{i}", Value(random, depth - 1)))]),
    };

    private static string Text(Random random)
    {
        string[] parts = ["a", "é", "\u0000", "\"", "\\", "\n", "😀", "\uE000", "/", "Ω"];
        return string.Concat(Enumerable.Range(0, random.Next(6)).Select(_ => parts[random.Next(parts.Length)]));
    }
}
