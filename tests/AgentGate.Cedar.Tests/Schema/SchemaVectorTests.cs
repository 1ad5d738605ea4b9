using AgentGate.Cedar.Schema;

namespace AgentGate.Cedar.Tests.Schema;

/// <summary>Every schema of the shared vectors is read.</summary>
public sealed class SchemaVectorTests
{
    [Fact]
    public void Every_schema_of_the_corpus_is_read()
    {
        var failures = new List<string>();
        foreach (var test in CorpusFile.Read())
        {
            try
            {
                _ = CedarSchema.Parse(test.Schema);
            }
            catch (SchemaException exception)
            {
                failures.Add($"{test.Id}: {exception.Message}");
            }
        }

        Assert.Equal([], failures.Take(10));
    }

    [Fact]
    public void Every_handwritten_schema_is_read()
    {
        var files = Directory.GetFiles(SharedFiles.Find("vectors/cedar/handwritten"), "*.cedarschema", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            Assert.NotEmpty(CedarSchema.Parse(File.ReadAllText(file)).Actions);
        }
    }
}
