using AgentGate.Benchmarks.Eval;
using AgentGate.Benchmarks.Scanning;
using BenchmarkDotNet.Running;

switch (args is [var verb, ..] ? verb : "")
{
    case "eval":
        return EvalVerb.Run(args[1..]);
    case "scan":
        return ScanVerb.Run(args[1..]);
    case "bdn":
        BenchmarkSwitcher.FromAssembly(typeof(ScanBenchmark).Assembly).Run(args[1..]);
        return 0;
    default:
        Console.WriteLine("benchmarks: eval [--data DIR] [--json] [--errors] | scan | bdn; see ./run bench");
        return 0;
}
