using AgentGate.Audit;
using AgentGate.Storage.Cluster.Connections;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Hosting;

/// <summary>The log from the server's own command line: <c>log rotate-keys</c>. Needs the state directory for itself: no server may run on it.</summary>
internal static class LogCommands
{
    private const string Help = """
        log rotate-keys [--chain] [--signing]

        Changes the key of the chain, the key that signs certificates and checkpoints, or (without an option) both. Every log gets an
        entry that names the old key and the new one. Stop the server first; in a cluster, all of them.
        """;

    /// <summary>Runs a command.</summary>
    /// <returns>The exit code: 0 done, 2 not understood.</returns>
    /// <exception cref="InvalidOperationException">A key cannot be rotated; the message says what to do.</exception>
    public static async Task<int> RunAsync(string[] args, IServiceProvider services, IConfiguration configuration)
    {
        var options = args.Skip(2).Where(argument => argument is "--chain" or "--signing").ToList();
        if (args is not ["log", "rotate-keys", ..] || options.Count != args.Skip(2).Count(argument => argument.StartsWith("--", StringComparison.Ordinal)
            && !argument.StartsWith("--AgentGate", StringComparison.Ordinal) && !argument.StartsWith("--AGENTGATE", StringComparison.Ordinal)
            && argument != "--environment"))
        {
            ServerConsole.Complain(Help);
            return 2;
        }

        // In a cluster also servers with a state directory of their own have to be stopped.
        await using var alone = services.GetService<ServerPresence>() is { } presence ? await presence.ExcludeAsync(CancellationToken.None) : null;
        if (services.GetService<SharedKeys>() is { } before)
        {
            await before.CheckAsync(CancellationToken.None);
        }

        await services.GetRequiredService<CheckpointPublisher>().InitializeAsync(CancellationToken.None);
        var both = options.Count == 0;
        var rotated = await services.GetRequiredService<KeyRotator>().RotateAsync(
            both || options.Contains("--chain"),
            both || options.Contains("--signing"),
            services.GetRequiredService<IOptions<SigningOptions>>().Value.Algorithm,
            configuration[FileSigningKeys.NextEnvironmentName],
            CancellationToken.None);
        if (services.GetService<SharedKeys>() is { } shared)
        {
            // The key from the environment is the former one until the operator has moved the value: the next start records it.
            await shared.CheckAsync(CancellationToken.None);
        }

        foreach (var (role, old, next) in rotated)
        {
            ServerConsole.Say($"{(role == Kernel.Transparency.LogKeyRole.Chain ? "chain" : "signing")}: {old} is followed by {next}.");
        }

        return 0;
    }
}
