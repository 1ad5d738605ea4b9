using System.Text;
using System.Text.Json;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Delegation;
using AgentGate.Pipeline;

namespace AgentGate.Tests.Delegation;

/// <summary>What a bundle holds of a chain, verified with nothing but Γ's roots.</summary>
public sealed class ChainFactsTests : IDisposable
{
    private readonly GrantFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    private JsonElement Write(string leaf)
    {
        var utf8 = ChainFacts.Write(leaf, _fixture.Registry.Current("t"));
        Assert.Equal(CanonicalJson.Canonicalize(utf8.Span), utf8.ToArray());
        return JsonDocument.Parse(utf8).RootElement;
    }

    private static ProvenFact Shown(JsonElement json, string name) => new(
        Encoding.UTF8.GetBytes(json.GetProperty(name).GetRawText()),
        new FactProof(json.GetProperty("proof").GetProperty("index").GetInt64(), [.. json.GetProperty("proof").GetProperty("path").EnumerateArray().Select(hash => hash.GetString()!)]));

    [Fact]
    public async Task A_chain_is_shown_with_what_was_revoked_and_what_was_not()
    {
        var root = await _fixture.IssueAsync(GrantFixture.Draft("lead", from: "boss"));
        var leaf = await _fixture.IssueAsync(GrantFixture.Draft("worker", from: "lead", parent: root.Id));
        await _fixture.RevokeAsync(root.Id);
        var facts = _fixture.Registry.Current("t");

        var json = Write(leaf.Id);

        string[] chain = [leaf.Id, root.Id];
        var grants = json.GetProperty("grants").EnumerateArray().ToArray();
        var revocations = json.GetProperty("revocations").EnumerateArray().ToArray();
        Assert.Equal(chain, revocations.Select(one => one.GetProperty("grant_id").GetString()));
        for (var i = 0; i < 2; i++)
        {
            Assert.True(FactProofs.VerifyPresent(facts.GrantsRoot, facts.GrantsSize, chain[i], Shown(grants[i], "grant")));
            Assert.True(SignedGrant.Parse(Encoding.UTF8.GetBytes(grants[i].GetProperty("grant").GetRawText())).IsSignedBy(_fixture.Keys.Current.PublicKey));
        }

        Assert.True(FactProofs.VerifyAbsent(
            facts.RevocationsRoot, facts.RevocationsSize, leaf.Id, [.. revocations[0].GetProperty("absent").EnumerateArray().Select(one => Shown(one, "fact"))]));
        Assert.True(FactProofs.VerifyPresent(facts.RevocationsRoot, facts.RevocationsSize, root.Id, Shown(revocations[1].GetProperty("present"), "fact")));
    }

    [Theory]
    [InlineData("g_00000000000000000000000000000000")]
    [InlineData("g_ffffffffffffffffffffffffffffffff")]
    [InlineData("anything")]
    public async Task A_grant_nobody_knows_is_shown_to_be_absent(string id)
    {
        await _fixture.IssueAsync(GrantFixture.Draft("worker"));
        var facts = _fixture.Registry.Current("t");

        var missing = Assert.Single(Write(id).GetProperty("grants").EnumerateArray());

        Assert.Equal(id, missing.GetProperty("grant_id").GetString());
        Assert.True(FactProofs.VerifyAbsent(
            facts.GrantsRoot, facts.GrantsSize, id, [.. missing.GetProperty("absent").EnumerateArray().Select(one => Shown(one, "fact"))]));
    }
}
