using System.CommandLine;
using System.Globalization;
using AgentGate.Policies.Import;

namespace AgentGate.Cli.Policies;

/// <summary><c>policy import</c>: a policy file of AgentGate 1.0 in Cedar, with what each rule became.</summary>
internal static class ImportCommand
{
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("file") { Description = "A policy file of AgentGate 1.0, JSON: pre_rules and post_rules, or rules with conditions; - for the standard input." };
        var json = PolicyOptions.Json();
        var command = new Command(
            "import", "Translate a policy file of AgentGate 1.0 to Cedar. The policies go to the standard output, what to know about them to the other. Exit 1: a rule has no exact counterpart.")
        {
            file, json,
        };
        command.SetAction(line => Run(terminal, InputFile.Read(line.GetRequiredValue(file), terminal), line.GetValue(json)));
        return command;
    }

    private static int Run(Terminal terminal, InputFile file, bool json)
    {
        PolicyTranslation translation;
        try
        {
            translation = PolicyImport.FromJson(file.Bytes);
        }
        catch (PolicyImportException refused)
        {
            foreach (var (source, message) in refused.Problems)
            {
                terminal.Error.WriteLine($"{file.Name}: {source}: {message}");
            }

            return ExitCode.Finding;
        }

        if (json)
        {
            WriteJson(terminal, translation);
            return ExitCode.Ok;
        }

        terminal.Out.Write(translation.Text);
        foreach (var rule in translation.Rules)
        {
            var became = rule.Policies.IsEmpty ? "no policy" : rule.Policies.Length == 1 ? "1 policy" : rule.Policies.Length.ToString(CultureInfo.InvariantCulture) + " policies";
            terminal.Error.WriteLine($"{file.Name}: {rule.Source}: {became}");
            foreach (var note in rule.Notes)
            {
                terminal.Error.WriteLine($"  {note}");
            }
        }

        return ExitCode.Ok;
    }

    private static void WriteJson(Terminal terminal, PolicyTranslation translation) => JsonOutput.Write(terminal.Out, writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("shape", translation.Shape);
        writer.WriteString("text", translation.Text);
        writer.WriteStartArray("rules");
        foreach (var rule in translation.Rules)
        {
            writer.WriteStartObject();
            writer.WriteString("source", rule.Source);
            writer.WriteString("rule", rule.Rule);
            writer.Write("policies", rule.Policies);
            writer.Write("notes", rule.Notes);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.Write("notes", translation.Notes);
        writer.WriteEndObject();
    });
}
