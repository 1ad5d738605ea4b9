using System.CommandLine;
using AgentGate.Cli.Policies.Cases;

namespace AgentGate.Cli.Policies;

/// <summary><c>policy test</c>: the answers a policy author expects, kept beside the policies.</summary>
internal static class TestCommand
{
    public static Command Create(Terminal terminal)
    {
        var files = PolicyOptions.Files(
            "Test files (JSON): policies, entities and schema by path, sought beside the file and in the folders above, and requests with their answers. "
            + "Folders (their *.json) and patterns too.");
        var json = PolicyOptions.Json();
        var command = new Command("test", "Answer the requests of test files and compare. Exit 1: an answer differs.") { files, json };
        command.SetAction(line =>
        {
            var tests = InputFile.Expand(line.GetRequiredValue(files), ".json")
                .Select(path => PolicyCase.Parse(InputFile.Read(path, terminal), path, terminal))
                .Select(test => new Outcome(test, [.. CaseRunner.Run(test)]))
                .ToList();
            if (line.GetValue(json))
            {
                PrintJson(terminal.Out, tests);
            }
            else
            {
                Print(terminal.Out, tests);
            }

            return tests.TrueForAll(test => test.Found.Count == 0) ? ExitCode.Ok : ExitCode.Finding;
        });
        return command;
    }

    private static void Print(TextWriter output, List<Outcome> tests)
    {
        foreach (var test in tests)
        {
            output.WriteLine(test.Case.Id);
            foreach (var one in test.Found.Where(one => one.Request is null))
            {
                output.WriteLine($"  FAIL  {CorpusTotals.Name(one.Kind)}: {one.Detail.ReplaceLineEndings("\n        ")}");
            }

            for (var i = 0; i < test.Case.Requests.Length; i++)
            {
                output.WriteLine($"  {(test.Passes(i) ? "pass" : "FAIL")}  {test.Case.Requests[i].Description}");
                foreach (var one in test.Found.Where(one => one.Request == i))
                {
                    output.WriteLine($"        {CorpusTotals.Name(one.Kind)}: {one.Detail.ReplaceLineEndings("\n        ")}");
                }
            }
        }

        output.WriteLine($"{tests.Sum(test => test.Passed)} passed, {tests.Sum(test => test.Failed)} failed");
    }

    private static void PrintJson(TextWriter output, List<Outcome> tests) => JsonOutput.Write(output, writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("passed", tests.Sum(test => test.Passed));
        writer.WriteNumber("failed", tests.Sum(test => test.Failed));
        writer.WriteStartArray("failures");
        foreach (var (test, one) in tests.SelectMany(test => test.Found.Select(one => (test, one))))
        {
            writer.WriteStartObject();
            writer.WriteString("file", test.Case.Id);
            if (one.Request is { } request)
            {
                writer.WriteNumber("request", request);
                writer.WriteString("description", test.Case.Requests[request].Description);
            }

            writer.WriteString("kind", CorpusTotals.Name(one.Kind));
            writer.WriteString("detail", one.Detail);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private sealed record Outcome(PolicyCase Case, IReadOnlyList<Disagreement> Found)
    {
        // What could not be read at all fails every request that was not reached.
        private readonly int _reached = Found.FirstOrDefault(one => one.Stops) is { } stop ? stop.Request ?? 0 : int.MaxValue;

        public int Passed => Case.Requests.Where((_, index) => Passes(index)).Count();

        public int Failed => Case.Requests.Length - Passed + Found.Count(one => one.Request is null);

        public bool Passes(int request) => request < _reached && !Found.Any(one => one.Request == request);
    }
}
