using System.Text;

namespace AgentGate.Cli.Tests;

/// <summary>Runs command lines in this process and keeps what they print.</summary>
internal static class Cli
{
    /// <summary>Runs one command line, with words for its standard input.</summary>
    public static (int Exit, string Out, string Error) Run(string input, params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var error = new StringWriter { NewLine = "\n" };
        var exit = CommandLine.Run(args, new Terminal(output, error, () => new MemoryStream(Encoding.UTF8.GetBytes(input))));
        return (exit, output.ToString(), error.ToString());
    }
}
