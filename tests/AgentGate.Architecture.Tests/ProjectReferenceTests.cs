using System.Text.Json;
using System.Xml.Linq;
using AgentGate.Architecture.Tests.Source;

namespace AgentGate.Architecture.Tests;

public class ProjectReferenceTests
{
    private const string AskFirst = "a new edge or project is a decision: write an ADR, then change ProjectTable.cs and the table in docs/architecture.md.";

    [Fact]
    public void Every_source_project_is_in_the_table()
        => Violations.None(
            Repository.Projects("src").Where(path => !ProjectTable.Source.ContainsKey(NameOf(path))),
            AskFirst);

    [Fact]
    public void A_project_references_only_what_the_table_allows()
        => Violations.None(
            from path in Repository.Projects("src")
            let row = ProjectTable.Source.GetValueOrDefault(NameOf(path))
            where row is not null
            from reference in Items(path, "ProjectReference")
            let target = NameOf(reference.Replace('\\', '/'))
            where !row.Projects.Contains(target)
            select $"{path} references {target}",
            AskFirst);

    [Fact]
    public void A_project_takes_only_the_packages_the_table_allows()
        => Violations.None(
            from path in Repository.Projects("src")
            let row = ProjectTable.Source.GetValueOrDefault(NameOf(path))
            where row is not null
            from package in Items(path, "PackageReference")
            where !row.MayUse(package) && !ProjectTable.BuildOnlyPackages.Contains(package)
            select $"{path} takes {package}",
            AskFirst);

    [Fact]
    public void Only_hosts_see_the_aspnetcore_framework()
        => Violations.None(
            from path in Repository.Projects("src")
            where ProjectTable.Source.GetValueOrDefault(NameOf(path)) is { AspNetCore: false }
            let sdk = (string?)Load(path).Attribute("Sdk")
            where sdk != "Microsoft.NET.Sdk" || Items(path, "FrameworkReference").Any()
            select $"{path} (Sdk {sdk}) sees a framework beyond .NET itself",
            "use Sdk=\"Microsoft.NET.Sdk\" and no FrameworkReference; what needs ASP.NET Core belongs in AgentGate.Server.");

    [Fact]
    public void The_kernel_has_one_package_and_what_that_brings()
        => Violations.None(
            from name in new[] { "AgentGate.Cedar", "AgentGate.Kernel", "AgentGate.Client" }
            let path = $"src/{name}/packages.lock.json"
            where Repository.Has(path)
            from package in Locked(path)
            where !ProjectTable.BuildOnlyPackages.Contains(package) && !(name != "AgentGate.Cedar" && ProjectTable.Ed25519Packages.Contains(package))
            select $"{path} resolves {package}",
            "an auditor takes the kernel alone; put the code that needs the package into the project above it.");

    [Fact]
    public void No_package_is_given_to_every_project_but_analyzers()
        => Violations.None(
            from file in new[] { "Directory.Build.props", "Directory.Build.targets", "src/Directory.Build.props", "src/Directory.Build.targets" }
            where Repository.Has(file)
            from item in Load(file).Descendants("PackageReference")
            let package = (string?)item.Attribute("Include")
            where !ProjectTable.BuildOnlyPackages.Contains(package) && !$"{item.Parent?.Attribute("Condition")}".Contains("'.Tests'", StringComparison.Ordinal)
            select $"{file} gives {package} to every project",
            "reference the package in the project that needs it.");

    [Fact]
    public void Nothing_in_src_references_tests_or_benchmarks()
        => Violations.None(
            from path in Repository.Projects("src")
            from reference in Items(path, "ProjectReference")
            where reference.Contains("tests", StringComparison.Ordinal) || reference.Contains("benchmarks", StringComparison.Ordinal)
            select $"{path} references {reference}",
            "move what both need into src.");

    [Fact]
    public void The_solution_lists_every_project_and_each_has_a_lock_file()
    {
        var solution = Repository.Read("AgentGate.slnx");
        var projects = Repository.Projects("src", "tests", "benchmarks", "samples").ToList();

        Violations.None(
            projects.Where(path => !solution.Contains($"\"{path}\"", StringComparison.Ordinal)).Select(path => $"{path} is not in AgentGate.slnx"),
            "add it with `dotnet sln add`.");
        Violations.None(
            projects.Select(path => $"{Path.GetDirectoryName(path)}/packages.lock.json").Where(path => !Repository.Has(path)),
            "run `dotnet restore` and commit the lock file.");
    }

    [Fact]
    public void Versions_of_packages_stand_in_one_file()
        => Violations.None(
            from path in Repository.Projects("src", "tests", "benchmarks", "samples")
            from item in Load(path).Descendants("PackageReference")
            where item.Attribute("Version") is not null || item.Attribute("VersionOverride") is not null || item.Element("Version") is not null
            select $"{path} names a version of {item.Attribute("Include")?.Value}",
            "versions live in Directory.Packages.props.");

    private static string NameOf(string path) => Path.GetFileNameWithoutExtension(path);

    private static XElement Load(string path) => XDocument.Parse(Repository.Read(path)).Root!;

    private static IEnumerable<string> Items(string path, string kind)
        => Load(path).Descendants(kind).Select(item => (string?)item.Attribute("Include")).OfType<string>();

    private static List<string> Locked(string path)
    {
        using var document = JsonDocument.Parse(Repository.Read(path));
        return
        [
            .. from framework in document.RootElement.GetProperty("dependencies").EnumerateObject()
               from package in framework.Value.EnumerateObject()
               where package.Value.GetProperty("type").GetString() != "Project"
               select package.Name,
        ];
    }
}
