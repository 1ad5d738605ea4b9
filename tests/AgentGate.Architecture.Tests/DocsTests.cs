using System.Text.RegularExpressions;
using AgentGate.Architecture.Tests.Source;

namespace AgentGate.Architecture.Tests;

public partial class DocsTests
{
    [Theory]
    [InlineData("README.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("SECURITY.md")]
    [InlineData("CHANGELOG.md")]
    [InlineData("LICENSE")]
    [InlineData("docs/README.md")]
    [InlineData("docs/architecture.md")]
    [InlineData("docs/glossary.md")]
    [InlineData("docs/style.md")]
    [InlineData("docs/threat-model.md")]
    [InlineData("docs/diagnostics.md")]
    [InlineData("docs/configuration.md")]
    [InlineData("docs/formats/log.md")]
    public void The_page_exists(string path)
        => Assert.True(Repository.Has(path), $"{path} is missing; docs/README.md promises it.");

    [Fact]
    public void The_code_on_the_page_about_transactions_is_compiled()
    {
        var sample = Lines(Repository.Read("samples/Sdk.Transactions/Program.cs"));
        var blocks = CodeBlock().Matches(Repository.Read("docs/transactions.md")).Select(block => block.Groups[1].Value).ToList();

        Assert.NotEmpty(blocks);
        Violations.None(
            blocks.Where(block => !sample.Contains(Lines(block), StringComparison.Ordinal)).Select(block => block.Split('\n')[0]),
            "take the block from samples/Sdk.Transactions/Program.cs, word for word.");

        static string Lines(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));
    }

    [Fact]
    public void A_decision_record_has_a_number_of_its_own()
    {
        var records = Repository.Files.Where(path => Repository.IsBelow(path, "docs/adr")).ToList();

        Violations.None(
            records.Where(path => !RecordName().IsMatch(path)),
            "name it docs/adr/NNNN-title-in-lower-case.md.");
        Violations.None(
            from path in records
            group path by Path.GetFileName(path)[..4] into same
            where same.Count() > 1
            select string.Join(" and ", same),
            "take the next free number.");
    }

    [Fact]
    public void A_decision_record_says_its_status_and_its_number()
        => Violations.None(
            from path in Repository.Files
            where RecordName().IsMatch(path)
            let text = Repository.Read(path)
            where !text.StartsWith($"# {Path.GetFileName(path)[..4]}: ", StringComparison.Ordinal) || !Status().IsMatch(text)
            select path,
            "begin with `# NNNN: Title` and a line `Status: accepted` (or proposed, superseded by NNNN).");

    [Fact]
    public void A_link_to_a_file_of_the_repository_resolves()
        => Violations.None(
            from page in Pages()
            from link in Links(page)
            let target = Target(page, link)
            where target is not null && !Repository.Has(target) && !Directory.Exists(Path.Combine(Repository.Root, target))
            select $"{page}: {link}",
            "correct the link; a page that moved leaves no broken ones behind.");

    [Fact]
    public void A_link_to_a_heading_resolves()
        => Violations.None(
            from page in Pages()
            from link in Links(page)
            where link.Contains('#', StringComparison.Ordinal)
            let target = link[0] == '#' ? page : Target(page, link)
            where target is not null && target.EndsWith(".md", StringComparison.Ordinal) && Repository.Has(target)
            where !Headings(target).Contains(link[(link.IndexOf('#', StringComparison.Ordinal) + 1)..])
            select $"{page}: {link}",
            "correct the anchor: GitHub writes a heading in lower case, with hyphens for spaces and without punctuation.");

    [Fact]
    public void Every_record_and_page_of_docs_is_reachable_from_its_map()
    {
        var map = Repository.Read("docs/README.md");

        Violations.None(
            from page in Repository.Files
            where Repository.IsBelow(page, "docs") && page.EndsWith(".md", StringComparison.Ordinal) && page != "docs/README.md"
            where !map.Contains($"({page["docs/".Length..]})", StringComparison.Ordinal)
            select page,
            "add a line to docs/README.md that says who reads the page.");
    }

    [Fact]
    public void Every_command_the_pages_name_exists_in_run()
    {
        var verbs = Verb().Matches(Repository.Read("run")).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

        Violations.None(
            from page in Pages()
            from Match match in Command().Matches(Repository.Read(page))
            where !verbs.Contains(match.Groups[1].Value)
            select $"{page}: {match.Value}",
            "correct the page, or add cmd_<verb> and help_<verb> to run.");
        Assert.Superset(new HashSet<string>(["demo", "dev", "test", "bench", "eval", "clean", "help"], StringComparer.Ordinal), verbs);
    }

    [Fact]
    public void The_readme_gives_two_commands()
    {
        var readme = Repository.Read("README.md");

        Assert.Contains("./run demo", readme, StringComparison.Ordinal);
        Assert.Contains("./run test", readme, StringComparison.Ordinal);
    }

    [Fact]
    public void Continuous_integration_runs_what_people_run()
    {
        var lines = Repository.Read(".ci/run").Split('\n').Where(line => line.Length > 0 && line[0] != '#' && !line.StartsWith("set ", StringComparison.Ordinal));

        Assert.Equal(["exec \"$(dirname \"${BASH_SOURCE[0]}\")/../run\" test"], lines);
    }

    [Fact]
    public void The_scripts_can_be_executed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no executable bit");
        Assert.All(["run", ".ci/run"], path => Assert.True(IsExecutable(path), $"chmod +x {path}"));
    }

    private static bool IsExecutable(string path)
        => OperatingSystem.IsWindows() || File.GetUnixFileMode(Path.Combine(Repository.Root, path)).HasFlag(UnixFileMode.UserExecute);

    private static IEnumerable<string> Pages() => Repository.Files.Where(path => path.EndsWith(".md", StringComparison.Ordinal));

    private static IEnumerable<string> Links(string page)
        => from Match match in Link().Matches(Fence().Replace(Repository.Read(page), ""))
           select match.Groups[1].Value;

    // The file a relative link leads to; null for the web and for anchors of the page itself.
    private static string? Target(string page, string link)
    {
        if (link.Contains("://", StringComparison.Ordinal) || link.StartsWith("mailto:", StringComparison.Ordinal) || link[0] == '#')
        {
            return null;
        }

        var folder = Path.GetDirectoryName(Path.Combine(Repository.Root, page))!;
        var file = Path.GetFullPath(Path.Combine(folder, link.Split('#')[0]));
        return Path.GetRelativePath(Repository.Root, file).Replace('\\', '/');
    }

    private static HashSet<string> Headings(string page)
        => [.. from Match match in Heading().Matches(Fence().Replace(Repository.Read(page), ""))
               let words = NotInAnchor().Replace(match.Groups[1].Value.Trim().ToLowerInvariant(), "")
               select words.Replace(' ', '-')];

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"^docs/adr/\d{4}-[a-z0-9]+(-[a-z0-9]+)*\.md$")]
    private static partial Regex RecordName();

    [GeneratedRegex("(?m)^Status: (proposed|accepted|superseded by \\d{4})$")]
    private static partial Regex Status();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?ms)^```.*?^```")]
    private static partial Regex Fence();

    [GeneratedRegex(@"(?m)^#{1,6} (.+)$")]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NotInAnchor();

    [GeneratedRegex(@"(?m)^cmd_(\w+)\(\)")]
    private static partial Regex Verb();

    [GeneratedRegex(@"\./run ([a-z]+)")]
    private static partial Regex Command();
}
