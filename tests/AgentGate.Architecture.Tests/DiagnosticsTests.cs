using System.Text.RegularExpressions;
using AgentGate.Architecture.Tests.Source;

namespace AgentGate.Architecture.Tests;

public partial class DiagnosticsTests
{
    private const string Page = "docs/diagnostics.md";
    private const string Folder = "src/AgentGate/Diagnostics";

    [Fact]
    public void Each_code_is_declared_once()
        => Violations.None(
            from code in Declared()
            group code by code.Value into same
            where same.Count() > 1
            select $"{same.Key}: {string.Join(", ", same.Select(code => $"{code.Name} ({code.Where})"))}",
            "a code has one meaning for ever; take the next free number of the block.");

    [Fact]
    public void Each_code_stands_in_the_block_of_its_file()
        => Violations.None(
            from code in Declared()
            let file = Path.GetFileName(code.Where.Split(':')[0])
            group (code.Value, file) by code.Value[..4] into block
            let files = block.Select(code => code.file).Distinct(StringComparer.Ordinal).ToList()
            where files.Count > 1
            select $"{block.Key}xx is spread over {string.Join(", ", files)}",
            "one file per block: Codes.Gate.cs, Codes.Pii.cs, ...");

    [Fact]
    public void Each_code_has_one_row_in_the_catalogue()
    {
        SkipWithoutCodes();
        var rows = Rows(CatalogueText()).ToList();

        Violations.None(
            from code in Declared()
            let count = rows.Count(row => row == code.Value)
            where count != 1
            select $"{code.Value} ({code.Name}, {code.Where}): {count} rows in {Page}",
            $"give it one row in {Page}: code, meaning, cause, what to do.");
    }

    [Fact]
    public void Each_row_of_the_catalogue_is_a_code()
    {
        SkipWithoutCodes();
        var codes = Declared().Select(code => code.Value).ToHashSet(StringComparer.Ordinal);

        Violations.None(
            Rows(CatalogueText()).Where(row => !codes.Contains(row)).Select(row => $"{row} is in {Page} and not in {Folder}"),
            "move the row to \"Retired\" at the end of the page; the number is never used again.");
    }

    [Fact]
    public void A_retired_code_is_never_used_again()
    {
        var codes = Declared().Select(code => code.Value).ToHashSet(StringComparer.Ordinal);

        Violations.None(
            Rows(RetiredText()).Where(codes.Contains).Select(row => $"{row} is retired and declared again"),
            "take the next free number of the block.");
    }

    [Fact]
    public void Each_code_in_a_message_is_declared()
    {
        SkipWithoutCodes();
        var codes = Declared().Select(code => code.Value).ToHashSet(StringComparer.Ordinal);

        Violations.None(
            from path in Repository.CSharp("src")
            where !Repository.IsBelow(path, Folder)
            let text = CSharpText.Of(path)
            from Match match in Code().Matches(text.WithStrings)
            where !codes.Contains(match.Value)
            select $"{text.At(match.Index)}: {match.Value}",
            $"declare it in {Folder}/Codes.*.cs and describe it in {Page}.");
    }

    private static void SkipWithoutCodes()
        => Assert.SkipWhen(!Declared().Any(), $"no code is declared in {Folder} yet");

    private static IEnumerable<(string Name, string Value, string Where)> Declared()
        => from path in Repository.CSharp(Folder)
           where Path.GetFileName(path).StartsWith("Codes", StringComparison.Ordinal)
           let text = CSharpText.Of(path)
           from Match match in Declaration().Matches(text.WithStrings)
           select (match.Groups[1].Value, match.Groups[2].Value, text.At(match.Index));

    private static string CatalogueText() => Retired().Split(Repository.Read(Page))[0];

    private static string RetiredText() => Repository.Has(Page) && Retired().Split(Repository.Read(Page)) is [_, var retired, ..] ? retired : "";

    private static IEnumerable<string> Rows(string markdown)
        => from Match match in Row().Matches(markdown) select match.Groups[1].Value;

    [GeneratedRegex(@"const\s+string\s+(\w+)\s*=\s*""(AG\d{4})""")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"(?m)^\|\s*`?(AG\d{4})`?\s*\|")]
    private static partial Regex Row();

    [GeneratedRegex(@"\bAG\d{4}\b")]
    private static partial Regex Code();

    [GeneratedRegex(@"(?m)^## Retired\s*$")]
    private static partial Regex Retired();
}
