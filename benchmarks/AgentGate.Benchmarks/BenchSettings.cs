namespace AgentGate.Benchmarks;

/// <summary>How long and where to measure. The defaults keep all tables together under five minutes.</summary>
internal sealed class BenchSettings : IDisposable
{
    private readonly List<string> _folders = [];

    /// <summary>The repository.</summary>
    public string Root { get; } = FindRoot();

    public int Rounds { get; init; } = 5;

    public TimeSpan Round { get; init; } = TimeSpan.FromSeconds(1.5);

    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>A fresh folder on the disk that holds the repository; gone when the benchmark ends.</summary>
    public string NewFolder(string name)
    {
        var folder = Path.Combine(Root, "artifacts", "bench", $"{name}-{Environment.ProcessId}-{_folders.Count}");
        Directory.CreateDirectory(folder);
        _folders.Add(folder);
        return folder;
    }

    public void Dispose()
    {
        foreach (var folder in _folders.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
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

        throw new InvalidOperationException("The benchmarks run inside the repository: no AgentGate.slnx above " + AppContext.BaseDirectory);
    }
}
