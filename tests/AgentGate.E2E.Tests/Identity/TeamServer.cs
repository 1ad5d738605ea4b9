using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AgentGate.E2E.Tests.Identity;

[assembly: AssemblyFixture(typeof(TeamServer))]

namespace AgentGate.E2E.Tests.Identity;

/// <summary>A server that has its first user, for the journeys of a team. Its limits are wide: all of them come from one address.</summary>
public sealed class TeamServer : IAsyncLifetime
{
    internal const string AdminEmail = "ada@example.org";
    internal const string AdminPassword = "four calm horses over water";

    private readonly SemaphoreSlim _starting = new(1, 1);
    private ServerProcess? _server;

    internal static (string, string)[] Wide { get; } =
        [("AgentGate__SignIn__AddressTriesPerMinute", "10000"), ("AgentGate__SignIn__AddressTriesPerHour", "100000")];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _starting.Dispose();
    }

    /// <summary>The server, started with the first question.</summary>
    internal async Task<ServerProcess> OpenAsync()
    {
        await _starting.WaitAsync();
        try
        {
            if (_server is null)
            {
                var server = await ServerProcess.StartAsync(Wide);
                await SetUpAsync(server);
                _server = server;
            }

            return _server;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Makes a user of a role by an invitation, as the pages do.</summary>
    internal async Task<string> AddAsync(string name, string role)
    {
        var server = await OpenAsync();
        using var http = new HttpClient { BaseAddress = new Uri(server.NamedUrl) };
        var signedIn = await PostAsync(http, "/api/auth/login", new { email = AdminEmail, password = AdminPassword });
        http.DefaultRequestHeaders.Authorization = new("Bearer", signedIn["access_token"]!.GetValue<string>());
        var email = $"{name.ToLowerInvariant()}@example.org";
        var invited = await PostAsync(http, "/api/invitations", new { email, role });
        await PostAsync(http, "/api/auth/register", new { email, name, password = AdminPassword, invitation = invited["invitation"]!.GetValue<string>() });
        return email;
    }

    /// <summary>Makes the first user of a server.</summary>
    internal static async Task SetUpAsync(ServerProcess server)
    {
        using var http = new HttpClient { BaseAddress = new Uri(server.NamedUrl) };
        http.DefaultRequestHeaders.Add("Origin", server.NamedUrl);
        await PostAsync(http, "/api/setup/complete", new { email = AdminEmail, name = "Ada Lovelace", password = AdminPassword });
    }

    private static async Task<JsonNode> PostAsync(HttpClient http, string path, object body)
    {
        using var response = await http.PostAsJsonAsync(path, body);
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {(int)response.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }
}
