using System.CommandLine;
using AgentGate.Cli.Audit;
using AgentGate.Cli.Certificates;
using AgentGate.Cli.Certificates.Nodes;
using AgentGate.Cli.Database;
using AgentGate.Cli.Plans;
using AgentGate.Cli.Policies;
using AgentGate.Cli.Witness;

namespace AgentGate.Cli;

/// <summary>The commands of <c>agentgate</c>.</summary>
internal static class CommandLine
{
    /// <summary>Runs one command line; never throws for what its author wrote.</summary>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Run(string[] args, Terminal terminal)
    {
        var root = new RootCommand("AgentGate: policies, proofs, and whoever checks them.")
        {
            PolicyCommand.Create(terminal),
            LogCommand.Create(terminal),
            WitnessCommand.Create(terminal),
            NodeCommand.Create(terminal),
            PlanCommand.Create(terminal),
            VoteCommand.Create(terminal),
            VerifyCommand.Create(terminal),
            DatabaseCommand.Create(terminal),
        };
        var line = root.Parse(args);
        if (line.Errors.Count > 0)
        {
            foreach (var error in line.Errors)
            {
                terminal.Error.WriteLine($"agentgate: {error.Message}");
            }

            terminal.Error.WriteLine($"help: agentgate {Path(line.CommandResult)}--help");
            return ExitCode.Unusable;
        }

        try
        {
            return line.Invoke(new InvocationConfiguration { Output = terminal.Out, Error = terminal.Error, EnableDefaultExceptionHandler = false });
        }
        catch (UnusableInputException exception)
        {
            terminal.Error.WriteLine($"agentgate: {exception.Message}");
            return ExitCode.Unusable;
        }
        finally
        {
            terminal.Out.Flush();
            terminal.Error.Flush();
        }
    }

    private static string Path(System.CommandLine.Parsing.CommandResult command)
        => command.Parent is System.CommandLine.Parsing.CommandResult parent ? $"{Path(parent)}{command.Command.Name} " : "";
}
