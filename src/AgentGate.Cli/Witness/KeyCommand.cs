using System.CommandLine;

namespace AgentGate.Cli.Witness;

/// <summary><c>witness key</c>: the public half of a witness's key.</summary>
internal static class KeyCommand
{
    public static Command Create(Terminal terminal)
    {
        var key = WitnessCommand.KeyOption();
        var command = new Command("key", "Print the witness's verifier key: what a log's configuration names it by.") { key };
        command.SetAction(line =>
        {
            using var file = WitnessKeyFile.Open(line.GetRequiredValue(key));
            terminal.Out.WriteLine(file.Signer.PublicKey);
            return ExitCode.Ok;
        });
        return command;
    }
}
