using System.Globalization;
using System.Text.RegularExpressions;
using AgentGate.Benchmarks.Vectors;

namespace AgentGate.Kernel.Tests.Vectors;

/// <summary>What <c>./run vectors</c> runs, over the vectors beside the repository, which are never copied here.</summary>
public sealed class PublicVectorTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentgate-vectors-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("vectors/jcs", "jcs")]
    [InlineData("vectors/merkle", "merkle consistency,merkle inclusion,merkle subtreeconsistency,merkle subtreeinclusion")]
    [InlineData("vectors/wycheproof", "wycheproof aes_gcm,wycheproof ecdsa,wycheproof ecdsa p1363,wycheproof ed25519,wycheproof hmac_sha256")]
    public void Every_public_vector_passes(string folder, string suites)
    {
        var run = VectorRun.Over(SharedFiles.Find(folder));

        Assert.Equal(suites, string.Join(',', run.Suites.Select(static suite => suite.Name)));
        Assert.All(run.Suites, static suite => Assert.Empty(suite.Failures));
        Assert.All(run.Suites, static suite => Assert.NotEqual(0, suite.Passed));
    }

    [Fact]
    public void Only_IVs_of_other_sizes_are_not_run()
    {
        var run = VectorRun.Over(SharedFiles.Find("vectors/wycheproof"));

        var skipping = Assert.Single(run.Suites, static suite => suite.Skipped > 0);
        Assert.Equal("the platform's AES-GCM has 96-bit IVs alone, and so has the product", Assert.Single(skipping.Unsupported.Keys));
    }

    /// <summary>A suite that cannot fail proves nothing: the opposite of each expectation must fail everywhere.</summary>
    [Theory]
    [InlineData("vectors/merkle")]
    [InlineData("vectors/wycheproof")]
    public void Turned_expectations_all_fail(string folder)
    {
        var source = SharedFiles.Find(folder);
        foreach (var path in Directory.EnumerateFiles(source, "*.json", SearchOption.AllDirectories))
        {
            var text = File.ReadAllText(path);
            text = Regex.Replace(text, "\"wantErr\": *(true|false)", static m => m.Groups[1].Value == "true" ? "\"wantErr\": false" : "\"wantErr\": true");
            text = Regex.Replace(text, "\"result\": *\"(valid|invalid)\"", static m => m.Groups[1].Value == "valid" ? "\"result\": \"invalid\"" : "\"result\": \"valid\"");
            var copy = Path.Combine(_folder, Path.GetRelativePath(source, path));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllText(copy, text);
        }

        var straight = VectorRun.Over(source);
        var turned = VectorRun.Over(_folder);

        foreach (var suite in straight.Suites)
        {
            var other = turned.Suites.Single(s => s.Name == suite.Name);

            // Cases that cannot be run here count as refused where refusal is expected, on either side.
            Assert.True(other.Passed <= suite.Skipped, string.Create(CultureInfo.InvariantCulture, $"{suite.Name}: {other.Passed} passed"));
            Assert.Equal(suite.Passed + suite.Skipped, other.Passed + other.Failed + other.Skipped);
        }
    }

    [Fact]
    public void Canonical_JSON_that_differs_in_one_byte_fails()
    {
        foreach (var (part, text) in new[] { ("input", "{\"b\": 1.0, \"a\": 2}"), ("output", "{\"a\":2,\"b\":1.0}") })
        {
            Directory.CreateDirectory(Path.Combine(_folder, "jcs", part));
            File.WriteAllText(Path.Combine(_folder, "jcs", part, "any name.json"), text);
        }

        var suite = Assert.Single(VectorRun.Over(_folder).Suites);

        Assert.Equal((1, 0), (suite.Failed, suite.Passed));
        Assert.Contains("any name", suite.Failures[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_are_checked_line_by_line()
    {
        File.WriteAllText(Path.Combine(_folder, "numbers.txt"), "444b1ae4d6e2ef50,1e+21\n3eb0c6f7a0b5ed8d,0.000001\n8000000000000000,0\n0,0\n3ff8000000000000,1.50\n");

        var suite = Assert.Single(VectorRun.Over(_folder).Suites);

        Assert.Equal((4, 1), (suite.Passed, suite.Failed));
        Assert.Contains("line 5", suite.Failures[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Unknown_suites_are_skipped_by_name_and_an_empty_folder_has_no_case()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "other"));
        File.WriteAllText(Path.Combine(_folder, "other", "a.json"), "{}");
        File.WriteAllText(Path.Combine(_folder, "rsa.json"), "{\"algorithm\": \"RSA\", \"testGroups\": [{\"type\": \"RsaVerify\", \"tests\": []}]}");

        var run = VectorRun.Over(_folder);

        Assert.False(run.Any);
        Assert.Equal(["other/", "rsa.json"], run.Unknown.Keys);
    }
}
