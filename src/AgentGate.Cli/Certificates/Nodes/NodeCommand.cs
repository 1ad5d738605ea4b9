using System.CommandLine;

namespace AgentGate.Cli.Certificates.Nodes;

/// <summary><c>agentgate node</c>: a safety node, which votes on what needs more than one machine's word.</summary>
internal static class NodeCommand
{
    public static Command Create(Terminal terminal) => new(
        "node",
        """
        Run a safety node: it evaluates on its own what a server wants to do, and signs yes or no (docs/safety-nodes.md).

          agentgate node run --node-id node-1 --key node1.key --listen 127.0.0.1:8391 --policies ./policies
          agentgate node key --key node1.key        prints the public key that the server is given
        """)
    {
        RunCommand.Create(terminal),
        KeyCommand.Create(terminal),
    };

    /// <summary>The option that names the key file.</summary>
    public static Option<string> KeyOption() => new("--key")
    {
        Description = "The file of the node's private key. `run` makes it, readable by its owner alone, where it is missing.",
        HelpName = "FILE",
        Required = true,
    };
}
