using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using AgentGate.Cli.Policies.Cases;

namespace AgentGate.Cli.Policies;

/// <summary><c>policy corpus</c>: many cases with known answers.</summary>
internal static class CorpusCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "One case a line (JSON), perhaps packed with gzip, or - for the standard input." };
        var threads = new Option<int>("--threads") { Description = "How many cases run at once.", DefaultValueFactory = _ => Environment.ProcessorCount, HelpName = "N" };
        var known = new Option<string?>("--known") { Description = "Differences that were looked into, one `KIND ID` or `KIND REASON` a line (`validation since-4.13`: an error here and until Cedar 4.12, a warning since); they are counted, and do not fail the run.", HelpName = "FILE" };
        var first = new Option<int>("--first") { Description = "How many differences of each kind to show.", DefaultValueFactory = _ => 5, HelpName = "N" };
        var json = PolicyOptions.Json();
        var command = new Command("corpus", "Compare our answers with the ones on file: requests, agreements, disagreements by kind. Exit 1: there is a disagreement.")
        {
            file, threads, known, first, json,
        };
        command.SetAction(line =>
        {
            if (line.GetValue(threads) < 1 || line.GetValue(first) < 1)
            {
                throw new UnusableInputException("--threads and --first take a number from 1");
            }

            var totals = new CorpusTotals(line.GetValue(known) is { } list ? Known(InputFile.Read(list, terminal)) : [], line.GetValue(first));
            var run = new CorpusRun(terminal, totals, line.GetValue(threads));
            run.Run(line.GetRequiredValue(file));
            if (line.GetValue(json))
            {
                PrintJson(terminal.Out, totals, run.Elapsed);
            }
            else
            {
                Print(terminal.Out, totals, run.Elapsed);
            }

            return totals.New == 0 ? ExitCode.Ok : ExitCode.Finding;
        });
        return command;
    }

    private static ImmutableHashSet<string> Known(InputFile file)
    {
        var names = Enum.GetValues<DisagreementKind>().Select(CorpusTotals.Name).ToHashSet(StringComparer.Ordinal);
        var known = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var line in file.Text.Split('\n').Select(line => line.Split('#')[0].Trim()).Where(line => line.Length > 0))
        {
            var words = line.Split((char[]?)null, 3, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || !names.Contains(words[0]))
            {
                throw new UnusableInputException($"{file.Name}: `{line}` is not KIND ID or KIND REASON; the kinds are {string.Join(", ", names)}");
            }

            known.Add($"{words[0]} {words[1]}");
        }

        return known.ToImmutable();
    }

    private static void Print(TextWriter output, CorpusTotals totals, TimeSpan elapsed)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"tests          {totals.Tests,9:N0}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"requests       {totals.Requests,9:N0}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"agreements     {totals.Agreements,9:N0}"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"disagreements  {totals.New + totals.Known,9:N0}{(totals.Known > 0 ? $", {totals.Known} of them known" : "")}"));
        foreach (var kind in Enum.GetValues<DisagreementKind>())
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {CorpusTotals.Name(kind),-12} {totals.Count(kind),9:N0}"));
            foreach (var (id, one) in totals.First(kind))
            {
                output.WriteLine($"    {id}{(one.Request is { } request ? $" request {request}" : "")}: {one.Detail.ReplaceLineEndings("\n      ")}");
            }
        }

        foreach (var gone in totals.Gone)
        {
            output.WriteLine($"  listed as known, and agrees: {gone}");
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"in {elapsed.TotalSeconds:F1} s"));
    }

    private static void PrintJson(TextWriter output, CorpusTotals totals, TimeSpan elapsed) => JsonOutput.Write(output, writer =>
    {
        writer.WriteStartObject();
        writer.WriteNumber("tests", totals.Tests);
        writer.WriteNumber("requests", totals.Requests);
        writer.WriteNumber("agreements", totals.Agreements);
        writer.WriteNumber("disagreements", totals.New + totals.Known);
        writer.WriteNumber("known", totals.Known);
        writer.WriteStartObject("kinds");
        foreach (var kind in Enum.GetValues<DisagreementKind>())
        {
            writer.WriteStartObject(CorpusTotals.Name(kind));
            writer.WriteNumber("count", totals.Count(kind));
            writer.WriteStartArray("first");
            foreach (var (id, one) in totals.First(kind))
            {
                writer.WriteStartObject();
                writer.WriteString("id", id);
                if (one.Request is { } request)
                {
                    writer.WriteNumber("request", request);
                }

                writer.WriteString("detail", one.Detail);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.Write("gone", totals.Gone);
        writer.WriteNumber("seconds", Math.Round(elapsed.TotalSeconds, 3));
        writer.WriteEndObject();
    });
}
