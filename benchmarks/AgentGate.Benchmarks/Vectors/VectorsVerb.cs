using System.Globalization;

namespace AgentGate.Benchmarks.Vectors;

/// <summary><c>vectors [--dir DIR]</c>: public test vectors through our canonical JSON, Merkle proofs and signatures.</summary>
internal static class VectorsVerb
{
    public const string Help = """
        usage: ./run vectors [--dir DIR]

        Runs every public test vector in DIR and its subfolders (default: ../shared/vectors beside the repository):
        RFC 8785 (input, output, outhex; files of numbers), Merkle proofs (inclusion, consistency, and both for subtrees)
        and Project Wycheproof's ed25519, ecdsa (P1363 and DER), hmac_sha256 and aes_gcm. Other suites are skipped by name.
        Prints passed, failed and skipped for each suite. Status 1 when a case failed, 2 when DIR holds no known case.

          --dir DIR   the folder
          --failures N   print the first N failures of each suite (default 10)
        """;

    private const int FailuresShown = 10;

    public static int Run(string[] args)
    {
        var folder = Path.Combine(Environment.GetEnvironmentVariable("AGENTGATE_SHARED") ?? Path.Combine("..", "shared"), "vectors");
        var shown = FailuresShown;
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--help")
            {
                Console.Out.WriteLine(Help);
                return 0;
            }

            if (args[i] == "--dir" && i + 1 < args.Length)
            {
                folder = args[++i];
            }
            else if (args[i] != "--failures" || i + 1 == args.Length
                || !int.TryParse(args[++i], NumberStyles.None, CultureInfo.InvariantCulture, out shown))
            {
                Console.Error.WriteLine($"vectors: '{args[i]}' is not understood. See ./run vectors --help.");
                return 2;
            }
        }

        if (!Directory.Exists(folder))
        {
            Console.Error.WriteLine($"vectors: there is no folder {Path.GetFullPath(folder)}. Name one with --dir DIR, or set AGENTGATE_SHARED to the folder that holds 'vectors'.");
            return 2;
        }

        return Report(VectorRun.Over(folder), folder, shown);
    }

    private static int Report(VectorRun run, string folder, int shown)
    {
        foreach (var suite in run.Suites)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{suite.Name,-28} {suite.Passed,7} passed {suite.Failed,5} failed {suite.Skipped,5} skipped"));
            foreach (var (reason, count) in suite.Unsupported)
            {
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    not run: {count}: {reason}"));
            }

            foreach (var failure in suite.Failures.Take(shown))
            {
                Console.Out.WriteLine($"    FAILED {failure}");
            }
        }

        foreach (var (name, files) in run.Unknown)
        {
            Console.Out.WriteLine(name.EndsWith('/')
                ? string.Create(CultureInfo.InvariantCulture, $"{name,-28} skipped: not a suite known here ({files} files)")
                : $"{name,-28} skipped: not a suite known here");
        }

        if (!run.Any)
        {
            Console.Error.WriteLine($"vectors: {Path.GetFullPath(folder)} holds no case of a known suite.");
            return 2;
        }

        var (passed, failed, skipped) = (run.Suites.Sum(static s => s.Passed), run.Suites.Sum(static s => s.Failed), run.Suites.Sum(static s => s.Skipped));
        Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{passed} passed, {failed} failed, {skipped} skipped"));
        return failed == 0 ? 0 : 1;
    }
}
