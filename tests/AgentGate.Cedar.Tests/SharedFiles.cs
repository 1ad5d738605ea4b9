using System.Globalization;

namespace AgentGate.Cedar.Tests;

/// <summary>Finds test data that is kept beside the repository: <c>../shared</c>, or where <c>AGENTGATE_SHARED</c> points.</summary>
internal static class SharedFiles
{
    /// <summary>The path of a file or folder; skips the test where it is absent, fails it under <c>CI=true</c>.</summary>
    public static string Find(string relative)
    {
        var root = Environment.GetEnvironmentVariable("AGENTGATE_SHARED") ?? Path.Combine(Repository(), "..", "shared");
        var path = Path.Combine(root, relative);
        if (File.Exists(path) || Directory.Exists(path))
        {
            return path;
        }

        var message = string.Create(CultureInfo.InvariantCulture, $"SKIPPED FOR LACK OF DATA: {path} is absent; set AGENTGATE_SHARED to the folder that holds {relative}.");
        Assert.False(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), message);
        Assert.Skip(message);
        return path;
    }

    private static string Repository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AgentGate.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
