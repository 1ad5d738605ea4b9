using System.CommandLine;
using System.Net;
using AgentGate.Kernel.Transparency;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace AgentGate.Cli.Witness;

/// <summary><c>witness run</c>: serves until it is told to stop.</summary>
internal static class RunCommand
{
    public static Command Create(Terminal terminal)
    {
        var listen = new Option<string>("--listen")
        {
            Description = "Where to listen: an IP address and a port. Put a proxy with TLS in front for other machines.",
            HelpName = "ADDRESS:PORT",
            DefaultValueFactory = static _ => "127.0.0.1:8390",
        };
        var key = WitnessCommand.KeyOption();
        var name = new Option<string?>("--name")
        {
            Description = "The witness's name, for the first run: a URL without scheme, such as witness.example/w1. Later runs have it from the key file.",
            HelpName = "NAME",
        };
        var state = new Option<string>("--state")
        {
            Description = "The folder for what the witness must never forget: the last checkpoint of each log. Held by one process at a time.",
            HelpName = "DIR",
            Required = true,
        };
        var logs = new Option<string[]>("--log")
        {
            Description = "The verifier key of a log, whose name is the log's origin; the log's server prints it. Once for each log, and for each key of a log.",
            HelpName = "VKEY",
            Required = true,
        };
        var command = new Command(
            "run",
            """
            Serve POST /add-checkpoint and GET /<hash of origin>/checkpoint.

            The witness checks that a checkpoint is signed by its log and continues the last one it cosigned, stores it on disk, and
            answers with a cosignature. It knows no entries and judges nothing else. Its state must never be rolled back: a witness that
            forgot what it signed can be led to sign a fork. If the state is lost, begin anew with another key.
            """)
        {
            listen, key, name, state, logs,
        };
        command.SetAction(async (line, cancellation) =>
        {
            var origins = Logs(line.GetRequiredValue(logs));
            using var file = WitnessKeyFile.OpenOrCreate(line.GetRequiredValue(key), line.GetValue(name));
            using var store = WitnessStore.Open(line.GetRequiredValue(state), file.Signer.PublicKey);
            var output = TextWriter.Synchronized(terminal.Out);
            var service = new WitnessService(file.Signer, origins, store, TimeProvider.System, output);
            await using var app = WitnessHost.Build(service, Address(line.GetRequiredValue(listen)));
            return await ServeAsync(app, file.Signer.PublicKey, origins.Count, output, cancellation);
        });
        return command;
    }

    private static async Task<int> ServeAsync(WebApplication app, NoteKey key, int logs, TextWriter output, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException exception)
        {
            throw new UnusableInputException($"cannot listen: {exception.Message}");
        }

        await output.WriteLineAsync($"witness: listening on {app.Urls.First()}, {logs} log{(logs == 1 ? "" : "s")}");
        await output.WriteLineAsync($"witness: verifier key {key}");
        await output.FlushAsync(CancellationToken.None);
        await app.WaitForShutdownAsync(cancellation);
        return ExitCode.Ok;
    }

    private static Dictionary<string, IReadOnlyList<NoteKey>> Logs(string[] texts)
    {
        var keys = new List<NoteKey>();
        foreach (var text in texts)
        {
            if (!NoteKey.TryParse(text, out var key, out var error))
            {
                throw new UnusableInputException($"--log {text}: {error}");
            }

            keys.Add(key.Type == NoteSignatureType.Cosignature
                ? throw new UnusableInputException($"--log {text}: this is the key of a witness, not of a log.")
                : key);
        }

        return keys.GroupBy(static key => key.Name, StringComparer.Ordinal)
            .ToDictionary(static group => group.Key, static group => (IReadOnlyList<NoteKey>)[.. group], StringComparer.Ordinal);
    }

    private static IPEndPoint Address(string text) => IPEndPoint.TryParse(text, out var address) && text.Contains(':', StringComparison.Ordinal)
        ? address
        : throw new UnusableInputException($"--listen {text}: an IP address and a port are expected, such as 127.0.0.1:8390 or [::1]:8390.");
}
