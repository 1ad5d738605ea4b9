using System.Text;
using System.Text.Json.Nodes;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Tests.Admissibility;
using AgentGate.Kernel.Transparency;
using FsCheck.Xunit;
using static AgentGate.Kernel.Tests.Certificates.Decided;

namespace AgentGate.Kernel.Tests.Certificates;

public sealed class CertificatePropertyTests
{
    private static readonly Decided Example = Of(
        PermitAll + """@id("f") forbid(principal, action == AgentGate::Action::"send", resource);""", settings: Requests.Demanding(("*", Obligations.MfaRequired)),
        alpha: Requests.Of() with { Attestations = [Requests.Attested(Obligations.MfaRequired)] });

    [Fact]
    public void Any_single_changed_byte_makes_a_bundle_invalid()
    {
        Assert.True(Example.Verify().Valid, Example.Verify().Words());
        for (var i = 0; i < Example.Bundle.Length; i++)
        {
            var changed = Example.Bundle.ToArray();
            changed[i] ^= (byte)(1 << (i % 7));

            Assert.False(BundleVerifier.Verify(default, changed, Keys).Valid, $"byte {i}");
        }
    }

    [Fact]
    public void Any_single_changed_byte_makes_a_certificate_invalid()
    {
        for (var i = 0; i < Example.Certificate.Length; i++)
        {
            var changed = Example.Certificate.ToArray();
            changed[i] ^= (byte)(1 << ((i + 3) % 7));

            // Where it stands in the log is outside the signature: the bundle shows it.
            Assert.False(BundleVerifier.Verify(changed, Example.Bundle, Keys).Valid, $"byte {i}");
        }
    }

    [Property(MaxTest = 300)]
    public void No_bytes_make_the_verifier_throw(byte[] certificate, byte[] bundle, byte[] keys)
    {
        var report = BundleVerifier.Verify(certificate, bundle, VerifierKeys.Read(keys));

        Assert.False(report.Valid);
        Assert.Equal(VerificationSteps.All.Length, report.Steps.Length);
    }

    [Property(MaxTest = 500)]
    public void No_changed_document_makes_the_verifier_throw_or_passes(int seed)
    {
        var random = new Random(seed);
        var bundle = JsonNode.Parse(Example.Bundle)!;
        Change(bundle, random);
        var changed = Encoding.UTF8.GetBytes(bundle.ToJsonString());

        var report = BundleVerifier.Verify(default, changed, Keys);

        Assert.Equal(VerificationSteps.All.Length, report.Steps.Length);
        Assert.False(report.Valid && !JsonNode.DeepEquals(bundle, JsonNode.Parse(Example.Bundle)), report.Words());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(1000)]
    public void Every_certificate_of_a_batch_verifies_at_its_place_alone(int size)
    {
        var drafts = Enumerable.Range(0, size).Select(static i => CertificateBody.Write(Ended($"AG{i}"))).ToArray();
        var batch = CertificateBatch.Sign(drafts, Signer);
        foreach (var i in Enumerable.Range(0, size).Where(i => size < 10 || i % 37 == 0 || i == size - 1))
        {
            var place = batch.Seal(i, Origin, i);
            Assert.True(CertificateBatch.Verify(drafts[i].Body.Span, place, Signer.PublicKey));
            Assert.False(CertificateBatch.Verify(drafts[i].Body.Span, place, LogSigner.PublicKey));
            Assert.False(CertificateBatch.Verify(drafts[i].Body.Span, place with { BatchSize = size + 1 }, Signer.PublicKey));
            Assert.False(size > 1 && CertificateBatch.Verify(drafts[i].Body.Span, place with { Index = (i + 1) % size }, Signer.PublicKey));
            Assert.False(CertificateBatch.Verify(drafts[i].Body.Span, place with { Path = place.Path.Add(new byte[32]) }, Signer.PublicKey));
            Assert.False(size > 1 && CertificateBatch.Verify(drafts[i].Body.Span, place with { Path = place.Path.RemoveAt(0) }, Signer.PublicKey));
        }

        Assert.Equal(Convert.ToHexStringLower(MerkleTree.RootOf([.. drafts.Select(static draft => MerkleHash.Leaf(draft.Body.Span))])), RootOf(batch, drafts));
    }

    [Property(MaxTest = 100)]
    public void The_smallest_set_is_exactly_what_must_change(bool authenticated, bool permitted, bool attested)
    {
        var settings = Requests.Demanding(("*", Obligations.MfaRequired));
        var alpha = Requests.Of() with
        {
            Authentication = new Authentication(authenticated ? AuthenticationMethod.Key : AuthenticationMethod.None, Requests.Agent, Requests.Tenant),
            Attestations = attested ? [Requests.Attested(Obligations.MfaRequired)] : [],
        };
        var report = Of(permitted ? PermitAll : "", alpha, settings).Verify();

        Predicate[] expected =
        [
            .. authenticated ? [] : new[] { Predicate.AuthValid }, .. permitted ? [] : new[] { Predicate.PermitExists }, .. attested ? [] : new[] { Predicate.ObligationsMet },
        ];
        Assert.True(report.Valid, report.Words());
        Assert.Equal(expected, report.Certificate!.FailedPredicates);
        Assert.Equal(expected.Length == 0, report.Certificate.UnsatCore is null);
        Assert.True(expected.Length == 0 || report.Certificate.UnsatCore!.Value.SequenceEqual(expected));
    }

    [Fact]
    public void What_is_written_is_canonical_and_reads_back()
    {
        Assert.Equal(CanonicalJson.Canonicalize(Example.Certificate), Example.Certificate);
        Assert.Equal(CanonicalJson.Canonicalize(Example.Bundle), Example.Bundle);
        var read = CertificateJson.Parse(Example.Certificate);
        Assert.Equal(CanonicalJson.Canonicalize(read.Body.Span), read.Body.ToArray());
        Assert.Equal(Example.Certificate, CertificateJson.Write(read.Body.Span, read.Seal));
        Assert.Equal("admissibility", Assert.Single(read.Verdicts).Guard);
    }

    private static string RootOf(CertificateBatch batch, CertificateDraft[] drafts)
    {
        // The root is what the path of the first leaf leads to.
        var (hash, path) = (MerkleHash.Leaf(drafts[0].Body.Span), batch.Seal(0, Origin, 0).Path);
        foreach (var sibling in path)
        {
            MerkleHash.Node(hash, sibling.Span, hash);
        }

        return Convert.ToHexStringLower(hash);
    }

    /// <summary>Removes, repeats or replaces one value somewhere.</summary>
    private static void Change(JsonNode root, Random random)
    {
        var node = root;
        while (true)
        {
            switch (node)
            {
                case JsonObject { Count: > 0 } members:
                    var name = members.ElementAt(random.Next(members.Count)).Key;
                    if (members[name] is JsonObject or JsonArray { Count: > 0 } && random.Next(4) > 0)
                    {
                        node = members[name]!;
                        continue;
                    }

                    if (random.Next(4) == 0)
                    {
                        members.Remove(name);
                    }
                    else
                    {
                        members[name] = Value(random);
                    }

                    return;
                case JsonArray { Count: > 0 } items:
                    var at = random.Next(items.Count);
                    if (items[at] is JsonObject or JsonArray { Count: > 0 } && random.Next(4) > 0)
                    {
                        node = items[at]!;
                        continue;
                    }

                    switch (random.Next(3))
                    {
                        case 0:
                            items.RemoveAt(at);
                            break;
                        case 1:
                            items.Add(items[at]!.DeepClone());
                            break;
                        default:
                            items[at] = Value(random);
                            break;
                    }

                    return;
                default:
                    return;
            }
        }
    }

    private static JsonNode? Value(Random random) => random.Next(9) switch
    {
        0 => null,
        1 => JsonValue.Create(random.NextInt64()),
        2 => JsonValue.Create(-1),
        3 => JsonValue.Create(""),
        4 => JsonValue.Create(new string('f', 64)),
        5 => new JsonArray(),
        6 => new JsonObject(),
        7 => JsonValue.Create(true),
        _ => JsonValue.Create("2026-01-31T09:30:00.000Z"),
    };
}
