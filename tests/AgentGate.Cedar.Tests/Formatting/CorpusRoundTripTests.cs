using System.Text;
using AgentGate.Cedar.Formatting;
using AgentGate.Cedar.Syntax;
using AgentGate.Cedar.Tests.Syntax;

namespace AgentGate.Cedar.Tests.Formatting;

public sealed class CorpusRoundTripTests
{
    [Fact]
    public void Every_policy_of_the_corpus_formats_and_parses_back_to_itself()
    {
        foreach (var text in CorpusParsingTests.Policies())
        {
            var formatted = PolicyFormatter.Format(text);
            Assert.Equal(formatted, PolicyFormatter.Format(formatted));
            Assert.Equal(Json(PolicySet.Parse(text)), Json(PolicySet.Parse(formatted)));
        }
    }

    [Fact]
    public void Every_policy_of_the_corpus_passes_through_JSON_and_text_without_its_source()
    {
        foreach (var text in CorpusParsingTests.Policies())
        {
            var set = PolicySet.Parse(text);
            var json = set.ToJson();
            var read = PolicySet.ParseJson(json);
            Assert.Equal(Encoding.UTF8.GetString(json), Json(read));
            Assert.Equal(PolicyHash.Of(set), PolicyHash.Of(read));
            foreach (var policy in set.Policies.Concat(set.Templates))
            {
                var printed = PolicyFormatter.Format(policy);
                Assert.Equal(printed, PolicyFormatter.Format(printed));
                var reparsed = PolicySet.Parse(printed);
                Assert.Equal(PolicyHash.Of(policy), PolicyHash.Of(reparsed.Policies.Concat(reparsed.Templates).Single()));
            }
        }
    }

    [Fact]
    public void The_handwritten_policies_format_and_parse_back_to_themselves()
    {
        var files = Directory.GetFiles(SharedFiles.Find("vectors/cedar/handwritten"), "*.cedar", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        foreach (var text in files.Select(File.ReadAllText))
        {
            var formatted = PolicyFormatter.Format(text);
            Assert.Equal(formatted, PolicyFormatter.Format(formatted));
            Assert.Equal(Json(PolicySet.Parse(text)), Json(PolicySet.Parse(formatted)));
            Assert.Equal(text.Split("//").Length, formatted.Split("//").Length);
        }
    }

    private static string Json(PolicySet set) => Encoding.UTF8.GetString(set.ToJson());
}
