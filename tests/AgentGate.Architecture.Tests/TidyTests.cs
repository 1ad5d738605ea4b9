using System.Text.RegularExpressions;
using AgentGate.Architecture.Tests.Source;

namespace AgentGate.Architecture.Tests;

public partial class TidyTests
{
    private const int SourceLinesMax = 400;
    private const int TestLinesMax = 800;

    private static readonly HashSet<string> RefusedWords = new(StringComparer.OrdinalIgnoreCase)
    {
        "Utils", "Util", "Utilities", "Helper", "Helpers", "Common", "Misc", "Manager", "Advanced", "Extended",
    };

    [Fact]
    public void No_source_file_is_longer_than_the_limit()
        => Violations.None(TooLong(Repository.CSharp("src", "benchmarks", "samples"), SourceLinesMax), "split the file where the subject changes.");

    [Fact]
    public void No_test_file_is_longer_than_the_limit()
        => Violations.None(TooLong(Repository.CSharp("tests"), TestLinesMax), "split the file where the subject changes.");

    [Fact]
    public void No_file_or_folder_bears_a_name_that_says_nothing()
        => Violations.None(
            from path in Repository.Files
            from part in path.Split('/')
            from Match word in Word().Matches(part)
            where RefusedWords.Contains(word.Value)
            select $"{path}: \"{word.Value}\"",
            "say what it does; if it does several things, split it.");

    [Fact]
    public void A_file_declares_one_public_type()
        => Violations.None(
            from path in Repository.CSharp("src", "benchmarks")
            where !Repository.IsBelow(path, "src/AgentGate.Client")
            let types = PublicTypes(path).Select(type => type.Name).Distinct(StringComparer.Ordinal).ToList()
            where types.Count > 1
            select $"{path}: {string.Join(", ", types)}",
            "one file per public type; cases of a closed set are nested in it.");

    [Fact]
    public void A_file_of_the_client_declares_one_public_type_or_the_wire_records_of_one_endpoint()
        => Violations.None(
            from path in Repository.CSharp("src/AgentGate.Client")
            let types = PublicTypes(path).ToList()
            where types.Count > 1
            from type in types
            where type.Kind is "class" or "interface" or "delegate"
            select $"{path}: {type.Kind} {type.Name} shares its file",
            "only wire records (and their enums) of one endpoint share a file.");

    [Fact]
    public void A_file_is_named_after_its_public_type()
        => Violations.None(
            from path in Repository.CSharp("src")
            where !Repository.IsBelow(path, "src/AgentGate.Client")
            let types = PublicTypes(path).Select(type => type.Name).Distinct(StringComparer.Ordinal).ToList()
            where types.Count == 1 && types[0] != Path.GetFileName(path).Split('.')[0]
            select $"{path} declares {types[0]}",
            "rename the file; a part of a partial type is named Type.Part.cs.");

    private static IEnumerable<string> TooLong(IEnumerable<string> paths, int max)
        => from path in paths
           let lines = File.ReadLines(Path.Combine(Repository.Root, path)).Count()
           where lines > max
           select $"{path}: {lines} lines, the limit is {max}";

    private static IEnumerable<(string Kind, string Name)> PublicTypes(string path)
        => from Match match in PublicType().Matches(CSharpText.Of(path).TopLevel())
           select (match.Groups["kind"].Value, match.Groups["name"].Value);

    [GeneratedRegex("[A-Z]+(?![a-z])|[A-Z]?[a-z]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\bpublic\s+(?:(?:static|sealed|abstract|readonly|ref|partial|unsafe|new)\s+)*(?:(?<kind>class|interface|enum|record|struct)\s+(?:class\s+|struct\s+)?(?<name>\w+)|(?<kind>delegate)\s+[\w<>\[\]?.,\s]+?\s(?<name>\w+)\s*[<(])")]
    private static partial Regex PublicType();
}
