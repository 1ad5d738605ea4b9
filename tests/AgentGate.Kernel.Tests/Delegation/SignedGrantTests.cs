using System.Text;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Delegation;
using AgentGate.Kernel.Signing;

namespace AgentGate.Kernel.Tests.Delegation;

public sealed class SignedGrantTests
{
    private static readonly Grant s_full = Grants.Of(1, "boss", "wörker") with
    {
        Actions = ["callTool", "delete"],
        ResourceScope = ["Path:/tmp/*", "Tool:crm/*"],
        Obligations = ["approval_required", "mfa_required"],
        Constraints = new GrantConstraints { Doors = ["api"], SourceNetworks = ["10.0.0.0/8"], ByModel = false },
    };

    private static byte[] With(string from, string to)
    {
        var text = Encoding.UTF8.GetString(SignedGrant.Sign(s_full, Grants.Key).Canonical.Span);
        Assert.Contains(from, text, StringComparison.Ordinal);
        return Encoding.UTF8.GetBytes(text.Replace(from, to, StringComparison.Ordinal));
    }

    [Fact]
    public void A_grant_is_read_back_as_it_was_written()
    {
        var signed = SignedGrant.Sign(s_full, Grants.Key);
        var read = SignedGrant.Parse(signed.Canonical.Span);

        Assert.Equal(signed.Canonical.ToArray(), read.Canonical.ToArray());
        Assert.Equal(CanonicalJson.Canonicalize(read.Canonical.Span), read.Canonical.ToArray());
        Assert.True(read.IsSignedBy(Grants.Key.PublicKey));
        Assert.Equal(s_full.Actions, read.Grant.Actions);
        Assert.Equal(s_full.ExpiresAt, read.Grant.ExpiresAt);
        Assert.Equal(s_full.Constraints.SourceNetworks!.Value, read.Grant.Constraints.SourceNetworks!.Value);
    }

    [Fact]
    public void What_is_signed_is_the_domain_and_everything_but_key_and_signature()
    {
        var input = Encoding.UTF8.GetString(SignedGrant.SigningInput(Grants.Of(0, "a", "b")));

        Assert.Equal(
            "agentgate/grant/v1\n{\"actions\":[\"*\"],\"constraints\":{},\"delegate\":\"b\",\"expires_at\":\"2026-06-01T13:00:00.000Z\","
            + "\"id\":\"g_00000000000000000000000000000000\",\"issued_at\":\"2026-06-01T11:00:00.000Z\",\"obligations\":[],\"principal\":\"a\","
            + "\"resource_scope\":[\"*\"],\"tenant\":\"t\",\"version\":1}",
            input);
    }

    [Fact]
    public void No_changed_byte_keeps_the_signature()
    {
        var bytes = SignedGrant.Sign(s_full, Grants.Key).Canonical.ToArray();
        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = (byte[])bytes.Clone();
            changed[i] ^= 1;

            Assert.False(SignedGrant.TryParse(changed, out var read) && read.IsSignedBy(Grants.Key.PublicKey), $"byte {i}");
        }
    }

    [Fact]
    public void Another_key_or_none_did_not_sign_it()
    {
        using var other = SigningKey.Create(SignatureAlgorithm.Ed25519, new byte[32]);
        var signed = SignedGrant.Sign(s_full, Grants.Key);

        Assert.False(signed.IsSignedBy(other.PublicKey));
        Assert.False(signed.IsSignedBy(null));
    }

    [Theory]
    [InlineData("{\"actions\"", "{ \"actions\"")]
    [InlineData("\"version\":1", "\"version\":2")]
    [InlineData("\"version\":1", "\"version\":1.0")]
    [InlineData("\"version\":1", "\"version\":1,\"zeal\":true")]
    [InlineData("\"by_model\":false", "\"by_model\":true")]
    [InlineData("\"by_model\":false", "\"by_model\":false,\"by_person\":false")]
    [InlineData("[\"callTool\",\"delete\"]", "[\"delete\",\"callTool\"]")]
    [InlineData("[\"callTool\",\"delete\"]", "[\"callTool\",\"callTool\"]")]
    [InlineData("[\"callTool\",\"delete\"]", "[\"*\",\"delete\"]")]
    [InlineData("[\"callTool\",\"delete\"]", "[]")]
    [InlineData("[\"Path:/tmp/*\",\"Tool:crm/*\"]", "[]")]
    [InlineData("Path:/tmp/*", "Path:/t*p")]
    [InlineData("mfa_required", "mfa_requested")]
    [InlineData("2026-06-01T13:00:00.000Z", "2026-06-01T13:00:00Z")]
    [InlineData("2026-06-01T13:00:00.000Z", "2026-06-01T15:00:00.000+02:00")]
    [InlineData("2026-06-01T13:00:00.000Z", "2026-06-31T13:00:00.000Z")]
    [InlineData("2026-06-01T13:00:00.000Z", "2026-06-01T11:00:00.000Z")]
    [InlineData("\"id\":\"g_", "\"id\":\"G_")]
    [InlineData("\"parent_id\":\"g_00000000000000000000000000000000\",", "\"parent_id\":null,")]
    [InlineData("\"tenant\":\"t\"", "\"tenant\":null")]
    [InlineData("\"tenant\":\"t\"", "\"tenant\":\"t\",\"tenant\":\"t\"")]
    [InlineData("\"tenant\":\"t\"", "\"tenant\":\"\\u0074\"")]
    public void Bytes_that_are_not_exactly_the_format_are_refused(string from, string to)
    {
        Assert.False(SignedGrant.TryParse(With(from, to), out _));
        Assert.Throws<FormatException>(() => SignedGrant.Parse(With(from, to)));
    }

    [Fact]
    public void Anything_else_is_refused_without_an_exception()
    {
        Assert.False(SignedGrant.TryParse([], out _));
        Assert.False(SignedGrant.TryParse("[]"u8, out _));
        Assert.False(SignedGrant.TryParse("{\"version\":\"1\"}"u8, out _));
        Assert.False(SignedGrant.TryParse(Encoding.UTF8.GetBytes(new string('[', 1000)), out _));
        Assert.False(SignedGrant.TryParse(new byte[SignedGrant.BytesMax + 1], out _));
    }

    [Fact]
    public void A_revocation_is_read_back_and_nothing_else_is()
    {
        var revocation = new GrantRevocation(Grants.Id(3), Grants.Noon, "left the company");
        var bytes = revocation.ToCanonical();

        Assert.Equal(
            "{\"at\":\"2026-06-01T12:00:00.000Z\",\"grant_id\":\"g_00000000000000000000000000000003\",\"id\":\"g_00000000000000000000000000000003\",\"reason\":\"left the company\"}",
            Encoding.UTF8.GetString(bytes));
        Assert.True(GrantRevocation.TryParse(bytes, out var read));
        Assert.Equal(revocation, read);
        Assert.False(GrantRevocation.TryParse([.. bytes, (byte)' '], out _));
        Assert.False(GrantRevocation.TryParse("{}"u8, out _));
    }

    public static TheoryData<string, Grant> NotIssued => new()
    {
        { "id", s_full with { Id = "g_1" } },
        { "tenant", s_full with { Tenant = "" } },
        { "principal", s_full with { Principal = "a\nb" } },
        { "delegate", s_full with { Delegate = new string('x', 257) } },
        { "delegate", s_full with { Delegate = "\ud800" } },
        { "actions", s_full with { Actions = ["call tool"] } },
        { "actions", s_full with { Actions = [.. Enumerable.Range(0, 65).Select(static i => $"a{(char)('A' + (i / 26))}{(char)('a' + (i % 26))}")] } },
        { "resource_scope", s_full with { ResourceScope = ["Tool:a/../b"] } },
        { "resource_scope", s_full with { ResourceScope = ["Tool:a/./*"] } },
        { "resource_scope", s_full with { ResourceScope = ["Tool:" + new string('a', 600)] } },
        { "resource_scope", s_full with { ResourceScope = [.. Enumerable.Range(0, 257).Select(static i => $"Tool:{i:d4}")] } },
        { "obligations", s_full with { Obligations = ["mfa"] } },
        { "constraints.doors", s_full with { Constraints = new() { Doors = [] } } },
        { "constraints.source_networks", s_full with { Constraints = new() { SourceNetworks = ["10.0.0.01"] } } },
        { "constraints.by_model", s_full with { Constraints = new() { ByModel = true } } },
        { "parent_id", s_full with { ParentId = "root" } },
        { "issued_at", s_full with { IssuedAt = s_full.IssuedAt.AddTicks(1) } },
        { "expires_at", s_full with { ExpiresAt = s_full.IssuedAt } },
    };

    [Theory]
    [MemberData(nameof(NotIssued), DisableDiscoveryEnumeration = true)]
    public void What_must_not_be_issued_is_refused_by_its_member(string member, Grant grant)
    {
        Assert.Equal(member, GrantRules.Fault(grant)?.Member);
        Assert.Contains($"`{member}`", Assert.Throws<FormatException>(() => SignedGrant.Sign(grant, Grants.Key)).Message, StringComparison.Ordinal);
    }
}
