using System.Text.Json;

namespace AgentGate.Benchmarks.Vectors;

/// <summary>Runs public test vectors, wherever they lie in a folder: what a file is, its content says.</summary>
internal sealed class VectorRun
{
    private const long FileLengthMax = 256L * 1024 * 1024;

    private readonly SortedDictionary<string, SuiteTally> _suites = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _unknown = new(StringComparer.Ordinal);

    /// <summary>The suites that were run.</summary>
    public IReadOnlyCollection<SuiteTally> Suites => _suites.Values;

    /// <summary>The folders and files no suite here knows, with the number of files.</summary>
    public IReadOnlyDictionary<string, int> Unknown => _unknown;

    /// <summary>Whether any case was met.</summary>
    public bool Any => _suites.Values.Any(static suite => suite.Passed + suite.Failed + suite.Skipped > 0);

    public static VectorRun Over(string folder)
    {
        var run = new VectorRun();
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            run.Take(folder, path);
        }

        return run;
    }

    private void Take(string folder, string path)
    {
        var relative = Path.GetRelativePath(folder, path);
        if (JcsVectors.Recognizes(path))
        {
            JcsVectors.Run(path, relative, Suite("jcs"));
        }
        else if (JcsVectors.RecognizesNumbers(path))
        {
            JcsVectors.RunNumbers(path, relative, Suite("jcs numbers"));
        }
        else if (!JcsVectors.IsExpectation(path) && !IsText(path) && !TakeJson(path, relative))
        {
            var first = relative.Split(Path.DirectorySeparatorChar) is [var top, _, ..] && top is not ("wycheproof" or "merkle" or "jcs") ? $"{top}/" : relative;
            _unknown[first] = _unknown.GetValueOrDefault(first) + 1;
        }
    }

    private bool TakeJson(string path, string relative)
    {
        if (!path.EndsWith(".json", StringComparison.OrdinalIgnoreCase) || new FileInfo(path).Length > FileLengthMax)
        {
            return false;
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException)
        {
            return false;
        }

        using (document)
        {
            var root = document.RootElement;
            return root.ValueKind switch
            {
                JsonValueKind.Object when root.TryGetProperty("testGroups", out _) => WycheproofVectors.TryRun(root, relative, Suite),
                JsonValueKind.Object => MerkleVectors.TryRun(root, relative, Suite),
                JsonValueKind.Array => root.GetArrayLength() > 0 && root.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.Object && MerkleVectors.TryRun(item, relative, Suite)).ToList().TrueForAll(static taken => taken),
                _ => false,
            };
        }
    }

    private SuiteTally Suite(string name)
    {
        if (!_suites.TryGetValue(name, out var suite))
        {
            _suites.Add(name, suite = new SuiteTally(name));
        }

        return suite;
    }

    // Licences and descriptions are no cases.
    private static bool IsText(string path) => Path.GetExtension(path) is ".md" or ".MD" || Path.GetFileName(path) is "LICENSE" or "README" or "NOTICE";
}
