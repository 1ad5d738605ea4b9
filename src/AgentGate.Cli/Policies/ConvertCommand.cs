using System.CommandLine;
using System.Text.Json;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cli.Policies;

/// <summary><c>policy convert</c>: Cedar text to JSON and back.</summary>
internal static class ConvertCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "Policies in Cedar text or JSON (a policy set, or one policy), or - for the standard input." };
        var to = new Option<string>("--to") { Description = "The format to write.", Required = true, HelpName = "json|cedar" }.AcceptOnlyFromAmong("json", "cedar");
        var ids = PolicyOptions.Ids();
        var command = new Command(
            "convert", "Translate policies between Cedar text and Cedar's JSON policy set format. Exit 1: Cedar text cannot hold the template links, which are left out.")
        {
            file, to, ids,
        };
        command.SetAction(line =>
        {
            var input = InputFile.Read(line.GetRequiredValue(file), terminal);
            var set = PolicyFiles.Use(input, () => PolicyFiles.Parse(input, line.IdSource(ids)));
            return line.GetValue(to) == "json" ? Json(terminal, set) : Cedar(terminal, set);
        });
        return command;
    }

    private static int Json(Terminal terminal, PolicySet set)
    {
        using var document = JsonDocument.Parse(set.ToJson(), new JsonDocumentOptions { MaxDepth = int.MaxValue });
        JsonOutput.Write(terminal.Out, document.RootElement.WriteTo);
        return ExitCode.Ok;
    }

    private static int Cedar(Terminal terminal, PolicySet set)
    {
        terminal.Out.Write(set.ToString());
        var links = set.Links.Count();
        if (links == 0)
        {
            return ExitCode.Ok;
        }

        terminal.Error.WriteLine($"agentgate: {links} template links have no form in Cedar text and are left out");
        return ExitCode.Finding;
    }
}
