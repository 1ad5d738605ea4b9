using System.Text;
using AgentGate.Kernel.Signing;
using FsCheck.Xunit;

namespace AgentGate.Kernel.Tests.Signing;

public sealed class JsonWebKeysTests
{
    private const string Rfc8037 = """
        "kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","alg":"EdDSA","use":"sig"
        """;

    private const string Rfc8037Id = "k2021bfac206db6ad";

    private static readonly VerificationKey Ed25519 = SigningKeyTests.Key(SignatureAlgorithm.Ed25519, 1).PublicKey;
    private static readonly VerificationKey P256 = SigningKeyTests.Key(SignatureAlgorithm.EcdsaP256, 1).PublicKey;

    [Fact]
    public void Keys_are_read_as_they_are_written() => Assert.Equal([Ed25519, P256], Read(Written(Ed25519, P256)));

    [Fact]
    public void Keys_keep_what_they_may_sign()
    {
        PublishedKey[] keys = [new(Ed25519, KeyUses.Certificates | KeyUses.Checkpoints, "example.com/log"), new(P256, KeyUses.Nodes)];

        var written = JsonWebKeys.WritePublished(keys);

        Assert.Contains("""
            "agentgate":{"role":["certificates","checkpoints"],"name":"example.com/log"}
            """.Trim(), Encoding.UTF8.GetString(written), StringComparison.Ordinal);
        Assert.Equal(keys, JsonWebKeys.ReadPublished(written));
        Assert.Equal(KeyUses.None, JsonWebKeys.ReadPublished(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(written).Replace("nodes", "other", StringComparison.Ordinal)))[1].Uses);
    }

    [Fact]
    public void The_key_of_RFC_8037_is_read_and_other_members_are_passed_over()
    {
        var key = Assert.Single(Read($$"""{"keys":[{{{Rfc8037}},"kid":"{{Rfc8037Id}}","more":[1,{}]}]}"""));

        Assert.Equal("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", Convert.ToHexStringLower(key.PublicKey.Span));
    }

    [Theory]
    [InlineData("EdDSA", "sig", Rfc8037Id, "", true)]
    [InlineData("Ed25519", "sig", Rfc8037Id, "", false)]
    [InlineData("ES256", "sig", Rfc8037Id, "", false)]
    [InlineData("EdDSA", "enc", Rfc8037Id, "", false)]
    [InlineData("EdDSA", "sig", "other", "", false)]
    [InlineData("EdDSA", "sig", Rfc8037Id, ",\"d\":\"AAAA\"", false)]
    [InlineData("EdDSA", "sig", Rfc8037Id, ",\"agentgate\":1", false)]
    [InlineData("EdDSA", "sig", Rfc8037Id, ",\"agentgate\":{}", false)]
    [InlineData("EdDSA", "sig", Rfc8037Id, ",\"agentgate\":{\"role\":[1]}", false)]
    [InlineData("EdDSA", "sig", Rfc8037Id, ",\"agentgate\":{\"role\":[\"checkpoints\"]}", false)]
    [InlineData("EdDSA", "sig", Rfc8037Id, ",\"agentgate\":{\"role\":[\"checkpoints\"],\"name\":\"a b\"}", false)]
    [InlineData("EdDSA", "sig", Rfc8037Id, ",\"agentgate\":{\"role\":[\"checkpoints\"],\"name\":\"a\"}", true)]
    public void A_key_is_right_in_all_its_members_or_the_set_is_refused(string alg, string use, string kid, string more, bool good)
    {
        var text = $$"""{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","alg":"{{alg}}","use":"{{use}}","kid":"{{kid}}"{{more}}}]}""";

        Assert.Equal(good, Record.Exception(() => Read(text)) is null);
        Assert.True(good || Record.Exception(() => Read(text)) is KeyFormatException);
    }

    [Fact]
    public void Keys_of_other_types_are_ignored_as_RFC_7517_asks()
    {
        var text = Written(P256).Replace("\"keys\":[", "\"keys\":[{\"kty\":\"RSA\",\"n\":\"x\"},{\"kty\":\"EC\",\"crv\":\"P-384\"},", StringComparison.Ordinal);

        Assert.Equal([P256], Read(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"keys":{}}""")]
    [InlineData("""{"keys":[1]}""")]
    [InlineData("""{"keys":[{}]}""")]
    [InlineData("""{"keys":[],"keys":[]}""")]
    [InlineData("""{"keys":[{"kty":1}]}""")]
    [InlineData("""{"keys":[{"kty":"OKP","crv":"Ed25519"}]}""")]
    [InlineData("""{"keys":[{"kty":"OKP","crv":"Ed25519","use":"sig","alg":"EdDSA","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUR"}]}""")]
    [InlineData("""{"keys":[{"kty":"OKP","crv":"Ed25519","use":"sig","alg":"EdDSA","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURp"}]}""")]
    [InlineData("""{"keys":[{"kty":"OKP","crv":"Ed25519","use":"sig","alg":"EdDSA","x":"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}""")]
    [InlineData("""{"keys":[{"kty":"EC","crv":"P-256","use":"sig","alg":"ES256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}""")]
    [InlineData("""{"keys":[{"kty":"\ud800"}]}""")]
    public void What_is_no_key_set_is_refused(string text) => Assert.Throws<KeyFormatException>(() => Read(text));

    [Fact]
    public void Bounds_hold()
    {
        Assert.Throws<KeyFormatException>(() => Read(Written(Ed25519, Ed25519)));
        Assert.Throws<KeyFormatException>(() => Read(new string(' ', JsonWebKeys.LengthMax) + "{}"));
        Assert.Throws<KeyFormatException>(() => Read("{\"keys\":[" + string.Join(',', Enumerable.Repeat("{\"kty\":\"x\"}", JsonWebKeys.KeysMax + 1)) + "]}"));
        Assert.Throws<KeyFormatException>(() => Read("{\"keys\":" + new string('[', 20) + new string(']', 20) + "}"));
    }

    [Property(MaxTest = 3000)]
    public void Mutated_key_sets_are_read_or_refused_with_the_documented_exception(int position, byte value)
    {
        var bytes = JsonWebKeys.Write([Ed25519, P256]);
        bytes[(uint)position % (uint)bytes.Length] = value;
        try
        {
            Assert.True(JsonWebKeys.Read(bytes).Count <= 2);
        }
        catch (KeyFormatException)
        {
            // The one exception that is documented.
        }
    }

    private static string Written(params VerificationKey[] keys) => Encoding.UTF8.GetString(JsonWebKeys.Write(keys));

    private static IReadOnlyList<VerificationKey> Read(string text) => JsonWebKeys.Read(Encoding.UTF8.GetBytes(text));
}
