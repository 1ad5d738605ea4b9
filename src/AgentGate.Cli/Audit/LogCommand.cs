using System.CommandLine;

namespace AgentGate.Cli.Audit;

/// <summary><c>log</c>: the log, checked without a server.</summary>
internal static class LogCommand
{
    public static Command Create(Terminal terminal)
        => new("log", "Check a log without its server.") { FsckCommand.Create(terminal) };
}
