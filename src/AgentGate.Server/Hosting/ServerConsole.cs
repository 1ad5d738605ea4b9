namespace AgentGate.Server.Hosting;

/// <summary>The server's few words to the person at the terminal. Everything else goes to the log.</summary>
internal static class ServerConsole
{
#pragma warning disable RS0030 // the command line of the server: what to try, and why it does not start
    public static void Say(string text) => Console.Out.WriteLine(text);

    public static void Complain(string text) => Console.Error.WriteLine(text);
#pragma warning restore RS0030
}
