using System.Globalization;
using AgentGate.Benchmarks.Audit;
using AgentGate.Benchmarks.Budgets;
using AgentGate.Benchmarks.Certificates;
using AgentGate.Benchmarks.Cluster;
using AgentGate.Benchmarks.Gateway;
using AgentGate.Benchmarks.Limits;
using AgentGate.Benchmarks.Micro;
using AgentGate.Benchmarks.Policies;
using AgentGate.Benchmarks.Proofs;
using AgentGate.Benchmarks.Reporting;
using AgentGate.Benchmarks.Restoring;
using AgentGate.Benchmarks.Scanning;
using AgentGate.Benchmarks.Threats;
using BenchmarkDotNet.Running;

namespace AgentGate.Benchmarks;

/// <summary><c>bench [TABLE…]</c>: measures and shows tables with the targets beside the figures.</summary>
internal static class BenchVerb
{
    public const string Help = """
        usage: ./run bench [gateway|scan|threats|injection|restore|log|limits|budgets|cedar|proofs|verify|micro|cluster ...] [--json] [--rounds N] [--seconds N]

        Measures and prints tables with the design's targets beside the figures. Without a name: all of them, under five
        minutes. Everything listens on loopback and ends by itself.

          gateway   overhead per request beside a direct call, a YARP pass-through and Portkey's gateway (npm, needs Node)
          scan      MB/s of the scanner for personal data on clean, dirty and adversarial text
          threats   MB/s of the scanner for attacks on clean, dirty and adversarial text
          restore   MB/s and added time per delta of putting values back into a stream
          log       entries per second and time per append, durability commit and write
          injection MB/s of the injection signal on clean, dirty and adversarial text
          limits    acquisitions per second in sliding windows, beside the framework's own
          budgets   reservations and settlements per second, in memory and with the log that makes them durable
          cedar     time and allocation of one answer from 10 to 10,000 policies, beside the official engine (npm, needs Node)
          proofs    appending, proving and verifying in a Merkle tree of a million leaves; signing and verifying
          verify    time and allocation of making, signing and verifying certificates
          cluster   the whole gateway on a file and on PostgreSQL and Redis, one server and two, by wrk (apt: postgresql redis-server wrk)
          micro     nanoseconds and bytes of the parts of a call
          micro --bdn   the same with BenchmarkDotNet, exact and slow

          --json        machine-readable
          --rounds N    rounds of the gateway table (default 5)
          --seconds N   seconds of each round (default 1.5)
        """;

    private static readonly string[] Known = ["gateway", "scan", "threats", "injection", "restore", "log", "limits", "budgets", "cedar", "proofs", "verify", "micro", "cluster"];

    public static int Run(string[] args)
    {
        if (args.Contains("--bdn"))
        {
            BenchmarkSwitcher.FromAssembly(typeof(BenchVerb).Assembly).Run([.. args.Where(arg => arg is not ("micro" or "--bdn"))], BdnConfig.Quick);
            return 0;
        }

        var names = args.TakeWhile(arg => !arg.StartsWith('-')).ToList();
        if (args.Contains("--help") || names.Except(Known).Any())
        {
            Console.Out.WriteLine(Help);
            return args.Contains("--help") ? 0 : 2;
        }

        using var settings = new BenchSettings
        {
            Rounds = (int)(Number(args, "--rounds") ?? 5),
            Round = TimeSpan.FromSeconds(Number(args, "--seconds") ?? 1.5),
        };
        var conditions = MachineConditions.Now();
        var tables = new List<BenchTable>();
        foreach (var name in names.Count == 0 ? Known : [.. names])
        {
            Console.Error.WriteLine($"measuring {name} ...");
            tables.AddRange(name switch
            {
                "gateway" => GatewayBench.Run(settings),
                "scan" => ScanBench.Run(),
                "threats" => ThreatBench.Run(),
                "restore" => RestoreBench.Run(),
                "log" => LogBench.Run(settings),
                "limits" => LimitBench.Run(),
                "injection" => InjectionBench.Run(),
                "budgets" => BudgetsBench.Run(settings),
                "cedar" => CedarBench.Run(settings.Root),
                "proofs" => ProofBench.Run(),
                "verify" => VerifyBench.Run(),
                "cluster" => ClusterBench.Run(settings),
                _ => MicroBench.Run(),
            });
        }

        conditions = conditions.Finished();
        if (args.Contains("--json"))
        {
            BenchReport.PrintJson(Console.Out, conditions, tables);
        }
        else
        {
            BenchReport.Print(Console.Out, conditions, tables);
        }

        return 0;
    }

    private static double? Number(string[] args, string name)
        => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length
            && double.TryParse(args[at + 1], CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : null;
}
