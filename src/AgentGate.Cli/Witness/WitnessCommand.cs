using System.CommandLine;

namespace AgentGate.Cli.Witness;

/// <summary><c>agentgate witness</c>: a witness of transparency logs, ours or others'.</summary>
internal static class WitnessCommand
{
    public static Command Create(Terminal terminal) => new(
        "witness",
        """
        Run a witness (C2SP tlog-witness): it cosigns the checkpoints of logs it knows, as long as each continues the one before.

          agentgate witness run --name witness.example/w1 --key w1.key --state ./w1 --log "<verifier key of the log>"
          agentgate witness key --key w1.key        prints the verifier key that goes into a log's configuration
        """)
    {
        RunCommand.Create(terminal),
        KeyCommand.Create(terminal),
    };

    /// <summary>The option that names the key file.</summary>
    public static Option<string> KeyOption() => new("--key")
    {
        Description = "The file of the witness's private key. `run` makes it, readable by its owner alone, where it is missing.",
        HelpName = "FILE",
        Required = true,
    };
}
