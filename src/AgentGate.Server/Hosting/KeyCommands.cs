using System.Globalization;
using AgentGate.Keys;

namespace AgentGate.Server.Hosting;

/// <summary>Keys from the server's own command line: <c>keys create | list | revoke</c>. Needs no running server, only its state directory.</summary>
internal static class KeyCommands
{
    /// <summary>A cluster's servers are told of changes; one with its own file believes what it read for AgentGate:Keys:CacheFor.</summary>
    private const string Follow = "Running servers of a cluster follow within a second, a running server with its own file within half a minute.";

    private const string Help = $"""
        keys create --name NAME --scopes SCOPE[,SCOPE…] [--principal ID] [--tenant TENANT] [--expires-in-days N]
        keys list [--tenant TENANT]
        keys revoke ID [--tenant TENANT]

        {Follow}
        """;

    /// <summary>Runs a command.</summary>
    /// <returns>The exit code: 0 done, 1 not found, 2 not understood.</returns>
    public static async Task<int> RunAsync(string[] args, ApiKeyService keys, TimeProvider time)
    {
        var tenant = Option(args, "--tenant") ?? Tenants.Default;
        switch (args)
        {
            case ["keys", "create", ..] when Option(args, "--name") is { } name && Option(args, "--scopes") is { } scopes:
                return await CreateAsync(args, keys, time, tenant, name, scopes);
            case ["keys", "list", ..]:
                foreach (var key in await keys.ListAsync(tenant, CancellationToken.None))
                {
                    var state = key.RevokedAt is null ? "active" : "revoked";
                    ServerConsole.Say($"{key.Id}  {state}  {key.PrincipalId}  {string.Join(',', key.Scopes)}  {key.Name}");
                }

                return 0;
            case ["keys", "revoke", var id, ..]:
                var found = await keys.RevokeAsync(tenant, id, CancellationToken.None);
                ServerConsole.Say(found ? $"{id} is revoked. {Follow}" : $"There is no key {id} in the tenant {tenant}.");
                return found ? 0 : 1;
            default:
                ServerConsole.Complain(Help);
                return 2;
        }
    }

    private static async Task<int> CreateAsync(string[] args, ApiKeyService keys, TimeProvider time, string tenant, string name, string scopes)
    {
        DateTimeOffset? expires = null;
        if (Option(args, "--expires-in-days") is { } days)
        {
            if (!int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > 3650)
            {
                ServerConsole.Complain("--expires-in-days must be a number from 1 to 3650.");
                return 2;
            }

            expires = time.GetUtcNow().AddDays(count);
        }

        try
        {
            var created = await keys.CreateAsync(
                new NewApiKey
                {
                    Tenant = tenant,
                    Name = name,
                    PrincipalId = Option(args, "--principal"),
                    Scopes = [.. scopes.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
                    ExpiresAt = expires,
                },
                CancellationToken.None);
            ServerConsole.Say(created.Text);
            return 0;
        }
        catch (ArgumentException refused)
        {
            ServerConsole.Complain(refused.Message);
            return 2;
        }
    }

    private static string? Option(string[] args, string name)
        => Array.IndexOf(args, name) is var at && at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
