using System.CommandLine;

namespace AgentGate.Cli.Policies;

/// <summary><c>agentgate policy</c>: everything one does with Cedar policies.</summary>
internal static class PolicyCommand
{
    public static Command Create(Terminal terminal) => new("policy", "Check, format, evaluate, test and translate Cedar policies.")
    {
        CheckCommand.Create(terminal),
        FormatCommand.Create(terminal),
        EvalCommand.Create(terminal),
        TestCommand.Create(terminal),
        CorpusCommand.Create(terminal),
        ConvertCommand.Create(terminal),
        ImportCommand.Create(terminal),
        HashCommand.Create(terminal),
    };
}
