using System.Buffers.Binary;
using System.Buffers.Text;
using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AgentGate.Integration.Tests.Identity;

/// <summary>An authenticator made of nothing but code: one ES256 or RS256 credential, attestation "none". What it signs can be bent in every way a test needs.</summary>
internal sealed class SoftAuthenticator(bool rsa = false) : IDisposable
{
    private const int Es256 = -7;
    private const int Rs256 = -257;

    private readonly ECDsa _ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly RSA _rsa = RSA.Create(2048);

    public byte[] Id { get; init; } = RandomNumberGenerator.GetBytes(32);

    public string? UserHandle { get; set; }

    public uint Count { get; set; }

    /// <summary>What it says of how it was used: present 1, verified 4, may be copied 8, is copied 16.</summary>
    public byte Flags { get; set; } = 1 | 4;

    /// <summary>The credential of <c>navigator.credentials.create</c>.</summary>
    public JsonObject Create(JsonElement options, string origin, string? rpId = null, string? challenge = null, string type = "webauthn.create", bool crossOrigin = false)
    {
        UserHandle = options.GetProperty("user").GetProperty("id").GetString();
        var writer = new CborWriter(CborConformanceMode.Ctap2Canonical);
        writer.WriteStartMap(3);
        writer.WriteTextString("fmt");
        writer.WriteTextString("none");
        writer.WriteTextString("attStmt");
        writer.WriteStartMap(0);
        writer.WriteEndMap();
        writer.WriteTextString("authData");
        writer.WriteByteString(AuthenticatorData(rpId ?? options.GetProperty("rp").GetProperty("id").GetString()!, withKey: true));
        writer.WriteEndMap();
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Text(ClientData(type, challenge ?? options.GetProperty("challenge").GetString()!, origin, crossOrigin)),
            ["attestationObject"] = Text(writer.Encode()),
            ["transports"] = new JsonArray("internal"),
        });
    }

    /// <summary>The credential of <c>navigator.credentials.get</c>.</summary>
    public JsonObject Get(
        JsonElement options, string origin, string? rpId = null, string? challenge = null, string type = "webauthn.get", string? userHandle = null, bool breakSignature = false)
    {
        Count++;
        var data = AuthenticatorData(rpId ?? options.GetProperty("rpId").GetString()!, withKey: false);
        var client = ClientData(type, challenge ?? options.GetProperty("challenge").GetString()!, origin, crossOrigin: false);
        byte[] signed = [.. data, .. SHA256.HashData(client)];
        var signature = rsa
            ? _rsa.SignData(signed, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : _ec.SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        if (breakSignature)
        {
            signature[^1] ^= 1;
        }

        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Text(client),
            ["authenticatorData"] = Text(data),
            ["signature"] = Text(signature),
            ["userHandle"] = userHandle ?? UserHandle,
        });
    }

    public void Dispose()
    {
        _ec.Dispose();
        _rsa.Dispose();
    }

    private static byte[] ClientData(string type, string challenge, string origin, bool crossOrigin)
        => Encoding.UTF8.GetBytes(new JsonObject { ["type"] = type, ["challenge"] = challenge, ["origin"] = origin, ["crossOrigin"] = crossOrigin }.ToJsonString());

    private static string Text(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    private JsonObject Credential(JsonObject response) => new()
    {
        ["id"] = Text(Id), ["rawId"] = Text(Id), ["type"] = "public-key", ["clientExtensionResults"] = new JsonObject(), ["response"] = response,
    };

    private byte[] AuthenticatorData(string rpId, bool withKey)
    {
        Span<byte> count = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(count, Count);
        byte[] data = [.. SHA256.HashData(Encoding.UTF8.GetBytes(rpId)), withKey ? (byte)(Flags | 64) : Flags, .. count];
        if (!withKey)
        {
            return data;
        }

        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)Id.Length);
        return [.. data, .. new byte[16], .. length, .. Id, .. PublicKey()];
    }

    /// <summary>COSE_Key (RFC 9052 §7).</summary>
    private byte[] PublicKey()
    {
        var writer = new CborWriter(CborConformanceMode.Ctap2Canonical);
        writer.WriteStartMap(rsa ? 4 : 5);
        writer.WriteInt32(1);
        writer.WriteInt32(rsa ? 3 : 2);
        writer.WriteInt32(3);
        writer.WriteInt32(rsa ? Rs256 : Es256);
        if (rsa)
        {
            var key = _rsa.ExportParameters(includePrivateParameters: false);
            writer.WriteInt32(-1);
            writer.WriteByteString(key.Modulus!);
            writer.WriteInt32(-2);
            writer.WriteByteString(key.Exponent!);
        }
        else
        {
            var point = _ec.ExportParameters(includePrivateParameters: false).Q;
            writer.WriteInt32(-1);
            writer.WriteInt32(1);
            writer.WriteInt32(-2);
            writer.WriteByteString(point.X!);
            writer.WriteInt32(-3);
            writer.WriteByteString(point.Y!);
        }

        writer.WriteEndMap();
        return writer.Encode();
    }
}
