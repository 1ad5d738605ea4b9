using System.Globalization;
using AgentGate.Benchmarks;
using AgentGate.Benchmarks.Differential;
using AgentGate.Benchmarks.Eval;
using AgentGate.Benchmarks.Fuzzing;
using AgentGate.Benchmarks.Gateway;
using AgentGate.Benchmarks.Scanning;
using AgentGate.Benchmarks.Training;
using AgentGate.Benchmarks.Vectors;

switch (args)
{
    case ["bench", ..]:
        return BenchVerb.Run(args[1..]);
    case ["eval", ..]:
        return EvalVerb.Run(args[1..]);
    case ["differential", ..]:
        using (var settings = new BenchSettings())
        {
            return DifferentialVerb.Run(args[1..], settings.Root, CedarCorpus(args));
        }

    case ["fuzz", "cedar", ..]:
        return CedarFuzzVerb.Run(args[2..], CedarCorpus(args));
    case ["fuzz", ..]:
        return FuzzVerb.Run(args[1..], EvalVerb.Folder(args));
    case ["train", "injection", ..]:
        return TrainVerb.Run(args[2..]);
    case ["vectors", ..]:
        return VectorsVerb.Run(args[1..]);
    case ["scan", ..]:
        return ScanVerb.Run(args[1..]);
    case ["role", "mock", var port]:
        await MockUpstream.RunAsync(int.Parse(port, CultureInfo.InvariantCulture));
        return 0;
    case ["role", "yarp", var port, var upstream]:
        await YarpProxy.RunAsync(int.Parse(port, CultureInfo.InvariantCulture), int.Parse(upstream, CultureInfo.InvariantCulture));
        return 0;
    case ["role", "load", var port, var key, var connections, var seconds]:
        // One server that someone else started, for profiling: ... role load PORT KEY CONNECTIONS SECONDS
        Console.Out.WriteLine(LoadGenerator.Run(
            int.Parse(port, CultureInfo.InvariantCulture),
            ChatTexts.Http(int.Parse(port, CultureInfo.InvariantCulture), "Authorization: Bearer " + key),
            int.Parse(connections, CultureInfo.InvariantCulture),
            TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture))));
        return 0;
    default:
        Console.Out.WriteLine("benchmarks: eval [--data DIR] [--json] [--errors] | scan [NAME] | fuzz [cedar] [N] | differential [N] | train injection | vectors [--dir DIR] | bench\n\n" + BenchVerb.Help);
        return args is [] or ["--help", ..] ? 0 : 2;
}

static string CedarCorpus(string[] args) => Path.Combine(EvalVerb.Folder(args), "..", "vectors", "cedar", "corpus.jsonl.gz");
