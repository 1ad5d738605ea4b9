namespace AgentGate.Architecture.Tests.Source;

/// <summary>The working tree as the rules read it: every file people wrote, nothing a tool produced.</summary>
internal static class Repository
{
    private static readonly HashSet<string> ProducedFolders =
        new(StringComparer.Ordinal) { ".git", ".vs", ".idea", "artifacts", "bin", "obj", "node_modules", "BenchmarkDotNet.Artifacts", "TestResults" };

    public static string Root { get; } = FindRoot();

    /// <summary>All files, relative to the root with forward slashes, in ordinal order.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Enumerate(Root).Order(StringComparer.Ordinal)];

    /// <summary>C# files people wrote below a folder: no migrations, no generated code.</summary>
    public static IEnumerable<string> CSharp(params string[] folders) => Files.Where(file =>
        file.EndsWith(".cs", StringComparison.Ordinal)
        && !file.EndsWith(".g.cs", StringComparison.Ordinal)
        && !file.EndsWith(".Designer.cs", StringComparison.Ordinal)
        && !file.Contains("/Migrations/", StringComparison.Ordinal)
        && folders.Any(folder => IsBelow(file, folder)));

    /// <summary>Project files below a folder.</summary>
    public static IEnumerable<string> Projects(params string[] folders) => Files.Where(file =>
        file.EndsWith(".csproj", StringComparison.Ordinal) && folders.Any(folder => IsBelow(file, folder)));

    public static bool IsBelow(string file, string folder)
        => file.StartsWith(folder + "/", StringComparison.Ordinal);

    public static bool Has(string file) => File.Exists(Path.Combine(Root, file));

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static IEnumerable<string> Enumerate(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            yield return Path.GetRelativePath(Root, file).Replace('\\', '/');
        }

        foreach (var child in Directory.EnumerateDirectories(folder))
        {
            var name = Path.GetFileName(child);
            var isState = name == "data" && string.Equals(folder, Root, StringComparison.Ordinal);
            if (isState || ProducedFolders.Contains(name))
            {
                continue;
            }

            foreach (var file in Enumerate(child))
            {
                yield return file;
            }
        }
    }

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AgentGate.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"AgentGate.slnx is in no folder above {AppContext.BaseDirectory}; run the tests from a checkout.");
    }
}
