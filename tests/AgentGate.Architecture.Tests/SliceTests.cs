using System.Text.RegularExpressions;
using AgentGate.Architecture.Tests.Source;

namespace AgentGate.Architecture.Tests;

public partial class SliceTests
{
    private const string GoThroughThePipeline =
        "slices meet through ports in Pipeline (a typed fact in CallScope, an interface the composition root wires). "
        + "An edge that cannot be avoided is a line in SliceTable.Edges and an ADR.";

    private static readonly string[] Sliced = ["src/AgentGate", "src/AgentGate.Server", "src/AgentGate.Storage", "src/AgentGate.Client"];

    [Fact]
    public void A_slice_does_not_know_another_slice()
        => Violations.None(
            from file in SlicedFiles()
            where SliceTable.Slices.Contains(file.Folder)
            from mention in Mentions(file)
            where !SliceTable.Edges.ContainsKey((file.Project, file.Folder, mention.Slice))
            select $"{mention.Where}: {file.Folder} names {mention.Text}",
            GoThroughThePipeline);

    [Fact]
    public void What_every_slice_uses_knows_no_slice()
        => Violations.None(
            from file in SlicedFiles()
            where SliceTable.Shared.GetValueOrDefault(file.Project)?.Contains(file.Folder) == true
            from mention in Mentions(file)
            select $"{mention.Where}: {file.Folder} names {mention.Text}",
            "turn the arrow round: the slice implements a port that stands here.");

    [Fact]
    public void A_door_knows_only_the_slices_listed_for_it()
        => Violations.None(
            from file in SlicedFiles()
            where SliceTable.Doors.ContainsKey($"{file.Project}/{file.Folder}")
            from mention in Mentions(file)
            where !SliceTable.Doors[$"{file.Project}/{file.Folder}"].Contains(mention.Slice)
            select $"{mention.Where}: the door {file.Folder} names {mention.Text}",
            "a door only translates; the check belongs in a guard of its slice, the wiring in the composition root.");

    [Fact]
    public void A_folder_bears_the_name_of_a_slice_or_is_listed()
        => Violations.None(
            from file in SlicedFiles()
            where !SliceTable.Slices.Contains(file.Folder)
                && SliceTable.Shared.GetValueOrDefault(file.Project)?.Contains(file.Folder) != true
                && !SliceTable.Doors.ContainsKey($"{file.Project}/{file.Folder}")
                && !SliceTable.CompositionRoots.Contains($"{file.Project}/{file.Folder}")
            select $"{file.Project}/{file.Folder}",
            "name the folder after its slice, so that `ls -d src/*/Pii tests/*/Pii` shows all of it, or list it in SliceTable.cs with an ADR.");

    [Fact]
    public void A_folder_of_a_test_project_mirrors_its_source_or_is_listed()
        => Violations.None(
            from path in Repository.CSharp("tests")
            let parts = path.Split('/')
            where parts.Length > 3
            let project = $"tests/{parts[1]}"
            where !SliceTable.Slices.Contains(parts[2])
                && SliceTable.TestFolders.GetValueOrDefault(project)?.Contains(parts[2]) != true
                && !Directory.Exists(Path.Combine(Repository.Root, "src", parts[1].Replace(".Tests", "", StringComparison.Ordinal), parts[2]))
            select $"{project}/{parts[2]}",
            "tests of a capability stand in a folder of the same name; other folders are listed in SliceTable.TestFolders.");

    [Fact]
    public void A_namespace_is_the_path_of_its_folder()
        => Violations.None(
            from path in Repository.CSharp("src")
            let folder = path[4..path.LastIndexOf('/')].Replace('/', '.')
            let text = CSharpText.Of(path)
            from Match match in NamespaceDeclaration().Matches(text.Code)
            let name = match.Groups[1].Value
            where name != folder && !SliceTable.ExtensionNamespaces.Contains(name)
            select $"{text.At(match.Index)}: namespace {name}, folder {folder}",
            "slices are checked by namespace; a type in a foreign namespace escapes the rule.");

    [Fact]
    public void Nothing_brings_a_slice_into_scope_everywhere()
        => Violations.None(
            (from path in Repository.Projects("src").Append("Directory.Build.props")
             from Match match in SliceNamespace().Matches(Repository.Read(path))
             where SliceTable.Slices.Contains(match.Groups[1].Value)
             select $"{path}: {match.Value}")
            .Concat(
                from path in Repository.CSharp("src")
                let text = CSharpText.Of(path)
                from Match line in GlobalUsing().Matches(text.Code)
                from Match match in SliceNamespace().Matches(line.Value)
                where SliceTable.Slices.Contains(match.Groups[1].Value)
                select $"{text.At(line.Index)}: {line.Value}"),
            "a global using hides an edge; say `using` in the file that needs it.");

    private static IEnumerable<SlicedFile> SlicedFiles()
        => from project in Sliced
           from path in Repository.CSharp(project)
           let parts = path.Split('/')
           where parts.Length > 3
           select new SlicedFile(project, parts[2], path);

    // A mention is AgentGate.<Slice>, AgentGate.<Project>.<Slice>, or a relative name such as Pii.Detection or Pii.PiiGuard.
    private static IEnumerable<Mention> Mentions(SlicedFile file)
    {
        var text = CSharpText.Of(file.Path);
        foreach (Match match in SliceNamespace().Matches(text.Code))
        {
            var slice = match.Groups[1].Value;
            if (slice != file.Folder && SliceTable.Slices.Contains(slice))
            {
                yield return new Mention(slice, match.Value, text.At(match.Index));
            }
        }

        foreach (Match match in RelativeName().Matches(text.Code))
        {
            var slice = match.Groups[1].Value;
            if (slice != file.Folder && SliceTable.Slices.Contains(slice) && MembersOf(slice).Contains(match.Groups[2].Value))
            {
                yield return new Mention(slice, match.Value, text.At(match.Index));
            }
        }
    }

    // What can follow "Pii." when Pii is a namespace: its subfolders and the types its files are named after.
    private static HashSet<string> MembersOf(string slice)
        => [.. from project in Sliced
               from path in Repository.CSharp($"{project}/{slice}")
               select path[$"{project}/{slice}/".Length..].Split('/', '.')[0]];

    [GeneratedRegex(@"\bglobal\s+using\b[^;]*;")]
    private static partial Regex GlobalUsing();

    [GeneratedRegex(@"\bnamespace\s+([\w.]+)")]
    private static partial Regex NamespaceDeclaration();

    [GeneratedRegex(@"\bAgentGate\s*\.\s*(?:(?:Server|Storage|Client|Mcp|Dashboard)\s*\.\s*)?(\w+)")]
    private static partial Regex SliceNamespace();

    [GeneratedRegex(@"(?<![\w.])(?:global::)?(?:(?:Server|Storage|Client)\.)?(\w+)\s*\.\s*(\w+)")]
    private static partial Regex RelativeName();

    private sealed record SlicedFile(string Project, string Folder, string Path);

    private sealed record Mention(string Slice, string Text, string Where);
}
