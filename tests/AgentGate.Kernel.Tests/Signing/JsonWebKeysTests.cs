using System.Text;
using AgentGate.Kernel.Signing;
using FsCheck.Xunit;

namespace AgentGate.Kernel.Tests.Signing;

public sealed class JsonWebKeysTests
{
    private static readonly VerificationKey Ed25519 = SigningKeyTests.Key(SignatureAlgorithm.Ed25519, 1).PublicKey;
    private static readonly VerificationKey P256 = SigningKeyTests.Key(SignatureAlgorithm.EcdsaP256, 1).PublicKey;

    [Fact]
    public void Keys_are_read_as_they_are_written() => Assert.Equal([Ed25519, P256], Read(Written(Ed25519, P256)));

    [Fact]
    public void The_example_of_RFC_8037_is_read()
    {
        var key = Assert.Single(Read("""{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","more":[1,{}]}]}"""));

        Assert.Equal("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", Convert.ToHexStringLower(key.PublicKey.Span));
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
    [InlineData("""{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUR"}]}""")]
    [InlineData("""{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURp"}]}""")]
    [InlineData("""{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]}""")]
    [InlineData("""{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"other"}]}""")]
    [InlineData("""{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","use":"enc"}]}""")]
    [InlineData("""{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","alg":"ES256"}]}""")]
    [InlineData("""{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","d":"AAAA"}]}""")]
    [InlineData("""{"keys":[{"kty":"EC","crv":"P-256","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]}""")]
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
