using System.IO.Compression;
using System.Text.Json;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Tests.Syntax;

public sealed class CorpusParsingTests
{
    internal static IEnumerable<string> Policies()
    {
        using var file = File.OpenRead(SharedFiles.Find("vectors/cedar/corpus.jsonl.gz"));
        using var reader = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            using var document = JsonDocument.Parse(line);
            yield return document.RootElement.GetProperty("policies").GetString()!;
        }
    }

    [Fact]
    public void Every_policy_of_the_corpus_parses()
    {
        foreach (var text in Policies())
        {
            Assert.True(PolicySet.TryParse(text, PolicyIdSource.Position, out _, out var diagnostics), string.Join("\n", diagnostics) + "\n" + text);
        }
    }
}
