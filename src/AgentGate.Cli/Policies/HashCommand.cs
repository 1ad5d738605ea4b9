using System.CommandLine;
using AgentGate.Cedar.Formatting;

namespace AgentGate.Cli.Policies;

/// <summary><c>policy hash</c>: names policies by what they say.</summary>
internal static class HashCommand
{
    public static Command Create(Terminal terminal)
    {
        var files = PolicyOptions.Files("Policies in Cedar text or JSON: files, folders (their *.cedar), patterns, or - for the standard input.");
        var each = new Option<bool>("--each") { Description = "One line per policy and template instead of one per file." };
        var ids = PolicyOptions.Ids();
        var json = PolicyOptions.Json();
        var command = new Command("hash", "Print the SHA-256 of the canonical form: layout and comments do not count.") { files, each, ids, json };
        command.SetAction(line =>
        {
            var lines = new List<(string Hash, string Name)>();
            foreach (var file in InputFile.Expand(line.GetRequiredValue(files), ".cedar").Select(name => InputFile.Read(name, terminal)))
            {
                var set = PolicyFiles.Use(file, () => PolicyFiles.Parse(file, line.IdSource(ids)));
                lines.AddRange(line.GetValue(each)
                    ? set.Policies.Concat(set.Templates).Select(policy => (PolicyHash.Of(policy), $"{file.Name}#{policy.Id}"))
                    : [(PolicyHash.Of(set), file.Name)]);
            }

            if (line.GetValue(json))
            {
                JsonOutput.Write(terminal.Out, writer =>
                {
                    writer.WriteStartObject();
                    lines.ForEach(entry => writer.WriteString(entry.Name, entry.Hash));
                    writer.WriteEndObject();
                });
            }
            else
            {
                lines.ForEach(entry => terminal.Out.WriteLine($"{entry.Hash}  {entry.Name}"));
            }

            return ExitCode.Ok;
        });
        return command;
    }
}
