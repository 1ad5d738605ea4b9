using System.CommandLine;
using System.Text;
using AgentGate.Cedar.Formatting;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cli.Policies;

/// <summary><c>policy format</c>: policies laid out the one way.</summary>
internal static class FormatCommand
{
    public static Command Create(Terminal terminal)
    {
        var files = PolicyOptions.Files("Policies in Cedar text: files, folders (their *.cedar), patterns, or - for the standard input.");
        var write = new Option<bool>("--write") { Description = "Change the files in place. A file that is formatted is left alone." };
        var check = new Option<bool>("--check") { Description = "Change nothing; name the files that are not formatted and exit with 1 if there is one." };
        var command = new Command("format", "Lay policies out the one way, comments kept; to the standard output unless told otherwise. Exit 1: a file does not parse.")
        {
            files, write, check,
        };
        command.Validators.Add(line =>
        {
            if (line.GetValue(write) && line.GetValue(check))
            {
                line.AddError("--write and --check exclude each other");
            }

            if (line.GetValue(write) && (line.GetValue(files) ?? []).Contains(InputFile.StandardInput))
            {
                line.AddError("the standard input cannot be written back; leave --write out");
            }
        });
        command.SetAction(line => Run(terminal, InputFile.Expand(line.GetRequiredValue(files), ".cedar"), line.GetValue(write), line.GetValue(check)));
        return command;
    }

    private static int Run(Terminal terminal, IReadOnlyList<string> names, bool write, bool check)
    {
        var exit = ExitCode.Ok;
        foreach (var name in names)
        {
            var file = InputFile.Read(name, terminal);
            string formatted;
            try
            {
                formatted = PolicyFormatter.Format(file.Text);
            }
            catch (PolicySyntaxException exception)
            {
                foreach (var diagnostic in exception.Diagnostics)
                {
                    terminal.Error.WriteLine($"{file.Name}:{diagnostic}");
                }

                exit = ExitCode.Finding;
                continue;
            }

            if (!write && !check)
            {
                terminal.Out.Write(formatted);
            }
            else if (formatted != file.Text)
            {
                terminal.Out.WriteLine(check ? $"{file.Name} is not formatted" : $"{file.Name} formatted");
                exit = check ? ExitCode.Finding : exit;
                if (write)
                {
                    Replace(name, formatted);
                }
            }
        }

        return exit;
    }

    /// <summary>Whoever reads the file meanwhile sees the old text or the new one, never half of it.</summary>
    private static void Replace(string name, string text)
    {
        try
        {
            var next = name + ".formatted";
            File.WriteAllText(next, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(next, File.GetUnixFileMode(name));
            }

            File.Move(next, name, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UnusableInputException($"{name} cannot be written: {exception.Message}");
        }
    }
}
