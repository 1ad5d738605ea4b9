using System.Security.Cryptography;
using System.Text;
using AgentGate.Kernel.Signing;
using FsCheck.Xunit;

namespace AgentGate.Kernel.Tests.Signing;

public sealed class SigningKeyTests
{
    [Fact]
    public void Ed25519_is_that_of_the_RFC()
    {
        // RFC 8032, section 7.1, test 2.
        using var key = SigningKey.Create(SignatureAlgorithm.Ed25519, Convert.FromHexString("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));

        Assert.Equal("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", Convert.ToHexStringLower(key.PublicKey.PublicKey.Span));
        Assert.Equal(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
            Convert.ToHexStringLower(key.Sign([0x72])));
    }

    [Theory]
    [InlineData(SignatureAlgorithm.Ed25519)]
    [InlineData(SignatureAlgorithm.EcdsaP256)]
    public void A_signature_fits_its_message_its_key_and_its_domain_alone(SignatureAlgorithm algorithm)
    {
        using var key = Key(algorithm, 1);
        using var other = Key(algorithm, 2);
        var message = new byte[3000];
        var signature = key.Sign(SigningDomains.Grant, message);

        Assert.Equal(VerificationKey.SignatureLength, signature.Length);
        Assert.True(key.PublicKey.Verify(SigningDomains.Grant, message, signature));
        Assert.True(key.PublicKey.Verify([.. SigningDomains.Grant, .. message], signature));
        Assert.False(key.PublicKey.Verify(SigningDomains.Vote, message, signature));
        Assert.False(key.PublicKey.Verify(message, signature));
        Assert.False(other.PublicKey.Verify(SigningDomains.Grant, message, signature));
        Assert.False(key.PublicKey.Verify(SigningDomains.Grant, message, signature.AsSpan(0, 63)));
        Assert.False(key.PublicKey.Verify(SigningDomains.Grant, message, [.. signature, 0]));
        for (var i = 0; i < signature.Length; i++)
        {
            var changed = signature.ToArray();
            changed[i] ^= 4;
            Assert.False(key.PublicKey.Verify(SigningDomains.Grant, message, changed));
        }
    }

    [Fact]
    public void An_id_names_one_algorithm_and_one_key()
    {
        using var key = Key(SignatureAlgorithm.Ed25519, 1);
        var expected = SHA256.HashData([.. "agentgate-key-v1\nEd25519\n"u8, .. key.PublicKey.PublicKey.Span]);

        Assert.Equal("k" + Convert.ToHexStringLower(expected)[..16], key.Id);
        Assert.Equal(key.Id, VerificationKey.Create(SignatureAlgorithm.Ed25519, key.PublicKey.PublicKey.Span).Id);
        Assert.NotEqual(key.Id, Key(SignatureAlgorithm.EcdsaP256, 1).Id);
        Assert.NotEqual(key.Id, Key(SignatureAlgorithm.Ed25519, 2).Id);
    }

    [Fact]
    public void The_framework_verifies_what_P256_signs_and_reads_its_form()
    {
        using var ecdsa = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var key = SigningKey.CreateFromPkcs8(ecdsa.ExportPkcs8PrivateKey());
        using var same = SigningKey.Create(SignatureAlgorithm.EcdsaP256, ecdsa.ExportParameters(true).D!);

        byte[] message = [1, 2];

        Assert.Equal(key.Id, same.Id);
        Assert.True(ecdsa.VerifyData(message, key.Sign(message), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation));
        Assert.True(ecdsa.VerifyData(message, key.SignDer(message), HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
        Assert.Equal(ecdsa.ExportSubjectPublicKeyInfo(), key.PublicKey.ExportSubjectPublicKeyInfo());
    }

    [Property(MaxTest = 100)]
    public void DER_and_fixed_form_are_two_spellings_of_the_same_signature(byte[] message)
    {
        using var key = Key(SignatureAlgorithm.EcdsaP256, 7);
        var der = key.SignDer(message);

        Assert.True(key.PublicKey.VerifyDer(message, der));
        Assert.False(key.PublicKey.Verify(message, der));
        Assert.False(key.PublicKey.VerifyDer(message, key.Sign(message)));
        Assert.False(key.PublicKey.VerifyDer(message, [.. der, 0]));
        Assert.False(Key(SignatureAlgorithm.Ed25519, 7).PublicKey.VerifyDer(message, der));
    }

    [Theory]
    [InlineData(SignatureAlgorithm.Ed25519, 31)]
    [InlineData(SignatureAlgorithm.Ed25519, 64)]
    [InlineData(SignatureAlgorithm.EcdsaP256, 33)]
    [InlineData(SignatureAlgorithm.EcdsaP256, 32)] // zero
    public void What_is_no_secret_is_refused(SignatureAlgorithm algorithm, int length) =>
        Assert.Throws<KeyFormatException>(() => SigningKey.Create(algorithm, new byte[length]));

    [Fact]
    public void Scalars_beyond_the_order_and_keys_of_other_curves_are_refused()
    {
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        Assert.Throws<KeyFormatException>(() => SigningKey.Create(SignatureAlgorithm.EcdsaP256, [.. Enumerable.Repeat((byte)0xff, 32)]));
        Assert.Throws<KeyFormatException>(() => SigningKey.CreateFromPkcs8(p384.ExportPkcs8PrivateKey()));
        Assert.Throws<KeyFormatException>(() => SigningKey.CreateFromPkcs8([1, 2, 3]));
    }

    [Fact]
    public void What_is_no_public_key_is_refused()
    {
        var point = Key(SignatureAlgorithm.EcdsaP256, 3).PublicKey.PublicKey.ToArray();
        Assert.True(VerificationKey.TryCreate(SignatureAlgorithm.EcdsaP256, point, out _));

        point[40] ^= 1;
        Assert.False(VerificationKey.TryCreate(SignatureAlgorithm.EcdsaP256, point, out _));
        Assert.False(VerificationKey.TryCreate(SignatureAlgorithm.EcdsaP256, point.AsSpan(0, 64), out _));
        Assert.False(VerificationKey.TryCreate(SignatureAlgorithm.EcdsaP256, new byte[65], out _));
        Assert.False(VerificationKey.TryCreate(SignatureAlgorithm.Ed25519, new byte[31], out _));
        Assert.False(VerificationKey.TryCreate((SignatureAlgorithm)9, new byte[32], out _));
        Assert.Throws<KeyFormatException>(() => VerificationKey.Create(SignatureAlgorithm.EcdsaP256, point));
    }

    [Theory]
    [InlineData(SignatureAlgorithm.Ed25519)]
    [InlineData(SignatureAlgorithm.EcdsaP256)]
    public async Task One_key_serves_many_threads(SignatureAlgorithm algorithm)
    {
        using var key = Key(algorithm, 1);
        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(worker => Task.Run(() =>
        {
            var good = true;
            for (var i = 0; i < 100; i++)
            {
                byte[] message = [(byte)worker, (byte)i];
                good &= key.PublicKey.Verify(message, key.Sign(message));
            }

            return good;
        })));

        Assert.All(results, Assert.True);
    }

    [Theory]
    [InlineData(SignatureAlgorithm.Ed25519)]
    [InlineData(SignatureAlgorithm.EcdsaP256)]
    public void A_destroyed_key_signs_no_more(SignatureAlgorithm algorithm)
    {
        var key = Key(algorithm, 1);
        key.Dispose();

        Assert.Throws<ObjectDisposedException>(() => key.Sign([1]));
    }

    [Fact]
    public void Domains_are_lines_of_which_none_begins_another_and_no_origin_is_one()
    {
        string[] domains =
        [
            Encoding.ASCII.GetString(SigningDomains.CertificateBatch), Encoding.ASCII.GetString(SigningDomains.Grant),
            Encoding.ASCII.GetString(SigningDomains.Vote), Encoding.ASCII.GetString(SigningDomains.KeyRotation),
        ];

        Assert.All(domains, static domain => Assert.Equal(domain.Length - 1, domain.IndexOf('\n', StringComparison.Ordinal)));
        Assert.All(domains, domain => Assert.Single(domains, other => domain.StartsWith(other, StringComparison.Ordinal)));
        Assert.All(domains, static domain => Assert.True(SigningDomains.IsReserved(domain.TrimEnd('\n'))));
        Assert.True(SigningDomains.IsReserved("cosignature/v1"));
        Assert.False(SigningDomains.IsReserved("agentgate.example/log/v1"));
        Assert.False(SigningDomains.IsReserved("agentgate/tenant"));
        Assert.False(SigningDomains.IsReserved("agentgate/tenant/v"));
    }

    internal static SigningKey Key(SignatureAlgorithm algorithm, byte seed) => SigningKey.Create(algorithm, [.. Enumerable.Repeat(seed, 32)]);
}
