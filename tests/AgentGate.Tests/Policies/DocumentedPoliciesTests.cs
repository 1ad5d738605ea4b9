using System.Text;
using System.Text.RegularExpressions;
using AgentGate.Cedar.Formatting;
using AgentGate.Cedar.Syntax;
using AgentGate.Policies;
using AgentGate.Policies.Import;

namespace AgentGate.Tests.Policies;

/// <summary>
/// Every block of Cedar on the pages about policies is what it claims to be: valid against the published schema, strictly, or,
/// where it is marked <c>cedar invalid</c>, not. Pages about the language itself have schemas of their own.
/// </summary>
public sealed partial class DocumentedPoliciesTests
{
    private static readonly string[] s_otherSchemas = ["cli.md", "conformance.md"];

    public static TheoryData<string> Pages => [.. Directory.GetFiles(Folder(), "*.md").Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_policy_on_the_page_is_valid_or_marked_as_invalid(string page)
    {
        foreach (Match match in Block().Matches(File.ReadAllText(Path.Combine(Folder(), page))))
        {
            var (mark, text) = (match.Groups[1].Value.Trim(), match.Groups[2].Value);
            var parses = PolicySet.TryParse(text, PolicyIdSource.IdAnnotation, out var policies, out var wrong);
            if (mark == "invalid")
            {
                Assert.False(parses && PublishedSchema.Validate(policies!).IsValid, $"{page}: marked as invalid, and is valid:\n{text}");
                continue;
            }

            Assert.Equal("", mark);
            Assert.True(parses, $"{page}:\n{string.Join("\n", wrong)}");
            if (!s_otherSchemas.Contains(page))
            {
                var result = PublishedSchema.Validate(policies!);
                Assert.True(result.IsValid, $"{page}:\n{string.Join("\n", result.Errors.Select(error => error.Diagnostic))}\n{text}");
            }
        }
    }

    [Fact]
    public void The_cookbook_shows_what_not_to_write_beside_what_to_write()
    {
        var text = File.ReadAllText(Path.Combine(Folder(), "cookbook.md"));

        var recipes = Recipe().Split(text)[1..];

        Assert.True(recipes.Length >= 15, $"{recipes.Length} recipes");
        Assert.All(recipes, recipe =>
        {
            Assert.Contains("**DON'T**", recipe, StringComparison.Ordinal);
            Assert.Contains("**DO**", recipe, StringComparison.Ordinal);
            Assert.True(Block().Count(recipe) >= 2, recipe);
        });
    }

    [Fact]
    public void The_file_of_1_0_on_the_page_becomes_what_the_page_shows()
    {
        var page = File.ReadAllText(Path.Combine(Folder(), "import.md"));
        var shown = PolicySet.Parse(Block().Match(page).Groups[2].Value, PolicyIdSource.IdAnnotation);

        var translated = PolicyImport.FromJson(Encoding.UTF8.GetBytes(JsonBlock().Match(page).Groups[1].Value)).Policies;

        Assert.Equal(translated.Policies.Select(policy => (policy.Id, PolicyHash.Of(policy))), shown.Policies.Select(policy => (policy.Id, PolicyHash.Of(policy))));
    }

    private static string Folder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AgentGate.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("These tests run below the repository.");
        }

        return Path.Combine(folder.FullName, "docs", "policies");
    }

    [GeneratedRegex("(?ms)^```cedar([^\n]*)\n(.*?)^```$")]
    private static partial Regex Block();

    [GeneratedRegex("(?ms)^```json\n(.*?)^```$")]
    private static partial Regex JsonBlock();

    [GeneratedRegex("(?m)^### ")]
    private static partial Regex Recipe();
}
