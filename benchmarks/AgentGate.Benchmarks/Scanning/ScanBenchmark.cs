using AgentGate.Pii;
using AgentGate.Pii.Detection;
using BenchmarkDotNet.Attributes;

namespace AgentGate.Benchmarks.Scanning;

/// <summary>Scanning one mebibyte of each text, with all built-in types.</summary>
[MemoryDiagnoser]
public class ScanBenchmark
{
    private readonly PiiScanner _scanner = new(new PiiOptions());
    private readonly List<PiiMatch> _matches = new(1 << 16);
    private string _text = "";

    [ParamsSource(nameof(Names))]
    public string Name { get; set; } = "";

    public static IEnumerable<string> Names => ScanTexts.All.Select(text => text.Name);

    [GlobalSetup]
    public void Setup() => _text = ScanTexts.All.First(text => text.Name == Name).Text;

    [Benchmark]
    public int Scan()
    {
        _matches.Clear();
        _scanner.Scan(_text, _matches);
        return _matches.Count;
    }
}
