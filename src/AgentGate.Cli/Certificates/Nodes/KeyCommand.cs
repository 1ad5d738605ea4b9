using System.CommandLine;
using AgentGate.Kernel.Signing;

namespace AgentGate.Cli.Certificates.Nodes;

/// <summary><c>node key</c>: the public half of a node's key.</summary>
internal static class KeyCommand
{
    public static Command Create(Terminal terminal)
    {
        var key = NodeCommand.KeyOption();
        var command = new Command("key", "Print the node's public key as a JSON Web Key: what the server is given.") { key };
        command.SetAction(line =>
        {
            using var signing = NodeKeyFile.Open(line.GetRequiredValue(key));
            terminal.Out.WriteLine(Jwk(signing.PublicKey));
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>A public key as one JSON Web Key, on one line.</summary>
    public static string Jwk(VerificationKey key)
    {
        using var set = System.Text.Json.JsonDocument.Parse(JsonWebKeys.Write([key]));
        return set.RootElement.GetProperty("keys")[0].GetRawText();
    }
}
