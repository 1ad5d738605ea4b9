using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Kernel.Tests.Agreement;

/// <summary>The parts of the second verifier against public tests, apart from our own code.</summary>
public sealed class SecondVerifierTests
{
    /// <summary>Every how manieth policy set of the corpus is asked: all of them take some seconds more.</summary>
    private const int Step = 8;

    [Fact]
    public async Task It_passes_the_public_vectors()
    {
        SecondVerifier.Require();
        var folder = SharedFiles.Find("vectors");
        var (status, words) = await RunAsync([SecondVerifier.Script("vectors.mjs"), folder], []);

        Assert.True(status == 0, words);
    }

    [Fact]
    public async Task It_answers_the_corpus_as_Cedar_does()
    {
        SecondVerifier.Require();
        var (status, words) = await RunAsync([SecondVerifier.Script("cedar-check.mjs")], Corpus(SharedFiles.Find("vectors/cedar/corpus.jsonl.gz")));

        Assert.True(status == 0, words);
        Assert.Contains("0 disagreements", words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_explains_each_step_and_says_by_its_status_whether_a_certificate_is_valid()
    {
        SecondVerifier.Require();
        using var source = new AgreementSource(1);
        var good = source.Good(60).First(static one => one is { Kind: "allow", Certificate: not null, Bundle: not null, At: null });
        var folder = Directory.CreateTempSubdirectory("agentgate-second");
        try
        {
            string Write(string name, byte[] bytes)
            {
                var path = Path.Combine(folder.FullName, name);
                File.WriteAllBytes(path, bytes);
                return path;
            }

            var (certificate, bundle, keys) = (Write("certificate.json", good.Certificate!), Write("bundle.json", good.Bundle!), Write("keys.json", good.Keys));
            var verify = SecondVerifier.Script("verify.mjs");
            var valid = await RunAsync([verify, certificate, "--bundle", bundle, "--keys", keys], []);
            var alone = await RunAsync([verify, certificate, "--keys", keys], []);
            var unknown = await RunAsync([verify, certificate, "--bundle", bundle], []);
            var nothing = await RunAsync([verify, Path.Combine(folder.FullName, "none.json")], []);

            Assert.Equal((0, true), (valid.Status, valid.Words.EndsWith("\nvalid\n", StringComparison.Ordinal)));
            Assert.Equal((0, true), (alone.Status, alone.Words.Contains("without a bundle", StringComparison.Ordinal)));
            Assert.Equal((1, true), (unknown.Status, unknown.Words.Contains("FAIL keys", StringComparison.Ordinal)));
            Assert.Equal(2, nothing.Status);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>The corpus in the JSON formats: policies are Cedar text there, and entities may lean on their schema.</summary>
    private static IEnumerable<string> Corpus(string path)
    {
        using var lines = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        for (var i = 0; lines.ReadLine() is { } line; i++)
        {
            if (i % Step != 0)
            {
                continue;
            }

            using var document = JsonDocument.Parse(line);
            var test = document.RootElement;
            var schema = CedarSchema.Parse(test.GetProperty("schema").GetString()!);
            using var output = new MemoryStream();
            using (var json = new Utf8JsonWriter(output))
            {
                json.WriteStartObject();
                json.WriteString("id", test.GetProperty("id").GetString());
                json.WritePropertyName("policies");
                json.WriteRawValue(PolicySet.Parse(test.GetProperty("policies").GetString()!).ToJson());
                json.WritePropertyName("entities");
                json.WriteRawValue(EntitiesJson.Write(EntitiesJson.Parse(Bytes(test.GetProperty("entities")), schema)));
                json.WriteStartArray("requests");
                foreach (var request in test.GetProperty("requests").EnumerateArray())
                {
                    var action = request.GetProperty("action");
                    var context = EntitiesJson.ParseContext(
                        Bytes(request.GetProperty("context")), schema, new EntityUid(action.GetProperty("type").GetString()!, action.GetProperty("id").GetString()!));
                    json.WriteStartObject();
                    foreach (var member in request.EnumerateObject().Where(static member => member.Name != "context"))
                    {
                        member.WriteTo(json);
                    }

                    json.WritePropertyName("context");
                    json.WriteRawValue(EntitiesJson.WriteContext(context));
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            }

            yield return Encoding.UTF8.GetString(output.ToArray());
        }
    }

    private static byte[] Bytes(JsonElement json) => Encoding.UTF8.GetBytes(json.GetRawText());

    private static async Task<(int Status, string Words)> RunAsync(string[] arguments, IEnumerable<string> input)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var node = Process.Start(SecondVerifier.Start(arguments))!;
        var errors = node.StandardError.ReadToEndAsync(cancellationToken);
        var words = node.StandardOutput.ReadToEndAsync(cancellationToken);
        foreach (var line in input)
        {
            await node.StandardInput.WriteLineAsync(line.AsMemory(), cancellationToken);
        }

        node.StandardInput.Close();
        await node.WaitForExitAsync(cancellationToken);
        return (node.ExitCode, await words + await errors);
    }
}
