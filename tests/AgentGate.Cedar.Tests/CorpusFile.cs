using System.IO.Compression;
using System.Text.Json;

namespace AgentGate.Cedar.Tests;

/// <summary>The tests of <c>vectors/cedar/corpus.jsonl.gz</c>, read as a stream.</summary>
internal static class CorpusFile
{
    /// <summary>One test after the other.</summary>
    public static IEnumerable<CorpusTest> Read()
    {
        using var file = File.OpenRead(SharedFiles.Find("vectors/cedar/corpus.jsonl.gz"));
        using var lines = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
        {
            var root = JsonDocument.Parse(line).RootElement;
            yield return new CorpusTest(root.GetProperty("id").GetString()!, root.GetProperty("schema").GetString()!, root);
        }
    }
}

/// <summary>One test of the corpus.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Schema">The schema in Cedar syntax.</param>
/// <param name="Json">All of it.</param>
internal sealed record CorpusTest(string Id, string Schema, JsonElement Json);
