using System.CommandLine;
using System.Net;
using AgentGate.Cedar.Formatting;
using AgentGate.Cedar.Syntax;
using AgentGate.Cli.Policies;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Signing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;

namespace AgentGate.Cli.Certificates.Nodes;

/// <summary><c>node run</c>: serves until it is told to stop.</summary>
internal static class RunCommand
{
    public static Command Create(Terminal terminal)
    {
        var listen = new Option<string>("--listen")
        {
            Description = "Where to listen: an IP address and a port. Put a proxy with TLS in front for other machines.",
            HelpName = "ADDRESS:PORT",
            DefaultValueFactory = static _ => "127.0.0.1:8391",
        };
        var key = NodeCommand.KeyOption();
        var id = new Option<string>("--node-id")
        {
            Description = "The node's id, as the server is told: lower-case letters, digits, _, - and dots, at most 64.", HelpName = "ID", Required = true,
        };
        var policies = new Option<string[]>("--policies")
        {
            Description = "The policies the node trusts: files, folders (their *.cedar), patterns. Together they are one set; any other set is voted down.",
            HelpName = "FILE",
        };
        var hashes = new Option<string[]>("--trust-policy-hash")
        {
            Description = "The hash of a policy set the node trusts, as `agentgate policy hash` or the server's runtime-status says it. Once for each.",
            HelpName = "HASH",
        };
        var settings = new Option<string[]>("--trust-settings-hash")
        {
            Description = "The hash of settings (validity, obligations, quorum) the node trusts, as the server's runtime-status says it. Once for each; without it any.",
            HelpName = "HASH",
        };
        var grants = new Option<string?>("--grant-keys")
        {
            Description = "The server's public keys (JWKS) that sign grants. Without them the node votes against every call under a delegation.", HelpName = "FILE",
        };
        var any = new Option<bool>("--trust-any-policies")
        {
            Description = "Take whatever policies are sent: the node then guards against a server that decides wrongly, and not against one that runs other policies.",
        };
        var command = new Command(
            "run",
            """
            Serve POST /vote and GET /health.

            The node evaluates the theorem from what it is sent, without the quorum obligation, and signs what it found. It votes down
            every policy set but the ones that --policies and --trust-policy-hash name; without either it does not start.
            """)
        {
            listen, key, id, policies, hashes, settings, any, grants,
        };
        command.SetAction(async (line, cancellation) =>
        {
            var nodeId = line.GetRequiredValue(id);
            if (!SafetyNodeId.IsValid(nodeId))
            {
                throw new UnusableInputException($"--node-id {nodeId}: lower-case letters, digits, _, - and dots are expected, at most {SafetyNodeId.LengthMax}, a letter or digit first.");
            }

            var isPinned = line.GetValue(policies) is { Length: > 0 } || line.GetValue(hashes) is { Length: > 0 };
            if (isPinned == line.GetValue(any))
            {
                throw new UnusableInputException("name the policies the node trusts with --policies or --trust-policy-hash, or take any with --trust-any-policies; one of the two.");
            }

            using var signing = NodeKeyFile.OpenOrCreate(line.GetRequiredValue(key));
            var trusted = Trusted(line.GetValue(policies) ?? [], line.GetValue(hashes) ?? [], terminal);
            var judge = new SafetyNodeJudge(nodeId, signing.Id, trusted, GrantKeys(line.GetValue(grants), terminal), (line.GetValue(settings) ?? []).Select(hash => Hash("--trust-settings-hash", hash)));
            var output = TextWriter.Synchronized(terminal.Out);
            await using var app = NodeHost.Build(new NodeService(judge, signing, TimeProvider.System, output), Address(line.GetRequiredValue(listen)));
            return await ServeAsync(app, signing.PublicKey, nodeId, trusted.Count, output, cancellation);
        });
        return command;
    }

    private static async Task<int> ServeAsync(
        WebApplication app, VerificationKey key, string nodeId, int trusted, TextWriter output, CancellationToken cancellation)
    {
        try
        {
            await app.StartAsync(cancellation);
        }
        catch (IOException exception)
        {
            throw new UnusableInputException($"cannot listen: {exception.Message}");
        }

        await output.WriteLineAsync($"node {nodeId}: listening on {app.Urls.First()}");
        await output.WriteLineAsync($"node {nodeId}: public key {KeyCommand.Jwk(key)}");
        await output.WriteLineAsync(trusted == 0
            ? $"node {nodeId}: takes the policies it is sent; name the ones to trust with --policies or --trust-policy-hash"
            : $"node {nodeId}: trusts {trusted} policy set{(trusted == 1 ? "" : "s")}");
        await output.FlushAsync(CancellationToken.None);
        await app.WaitForShutdownAsync(cancellation);
        return ExitCode.Ok;
    }

    private static string Hash(string option, string hash)
        => hash.Length == 64 && hash.All(static c => char.IsAsciiDigit(c) || c is >= 'a' and <= 'f')
            ? hash
            : throw new UnusableInputException($"{option} {hash}: 64 lower-case hexadecimal digits are expected.");

    private static List<string> Trusted(string[] files, string[] hashes, Terminal terminal)
    {
        var trusted = new List<string>();
        foreach (var hash in hashes)
        {
            trusted.Add(Hash("--trust-policy-hash", hash));
        }

        if (files.Length > 0)
        {
            var read = InputFile.Expand(files, ".cedar").Select(name => InputFile.Read(name, terminal)).ToList();
            trusted.Add(PolicyHash.Of(PolicyFiles.Load(read, PolicyIdSource.IdAnnotation)));
        }

        return trusted;
    }

    private static IReadOnlyList<VerificationKey> GrantKeys(string? file, Terminal terminal)
    {
        if (file is null)
        {
            return [];
        }

        try
        {
            return JsonWebKeys.Read(InputFile.Read(file, terminal).Bytes);
        }
        catch (KeyFormatException exception)
        {
            throw new UnusableInputException($"--grant-keys {file}: {exception.Message}");
        }
    }

    private static IPEndPoint Address(string text) => IPEndPoint.TryParse(text, out var address) && text.Contains(':', StringComparison.Ordinal)
        ? address
        : throw new UnusableInputException($"--listen {text}: an IP address and a port are expected, such as 127.0.0.1:8391 or [::1]:8391.");
}
