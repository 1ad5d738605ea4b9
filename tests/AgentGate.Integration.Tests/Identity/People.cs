using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using AgentGate.Audit;
using AgentGate.Identity;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Server.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Identity;

/// <summary>Users of a server in process, made and signed in without passwords, because it is not signing in that is tested.</summary>
internal static class People
{
    /// <summary>Makes a user.</summary>
    public static async Task<User> UserAsync(this GatewayServer server, string role, string tenant = "default", Func<User, User>? change = null)
    {
        var id = "user_" + Guid.NewGuid().ToString("n");
        var user = new User { Id = id, Tenant = tenant, Email = $"{id}@example.org", Name = role, Role = role, CreatedAt = TimeProvider.System.GetUtcNow() };
        user = change?.Invoke(user) ?? user;
        Assert.True(await server.Directory().AddAsync(user, onlyIfFirst: false, default));
        return user;
    }

    public static IUserDirectory Directory(this GatewayServer server) => server.App.Services.GetRequiredService<IUserDirectory>();

    /// <summary>Begins a session of a user.</summary>
    /// <param name="server">The server.</param>
    /// <param name="user">The user.</param>
    /// <param name="assurance">How sure it is.</param>
    /// <param name="age">How long ago the user proved itself.</param>
    /// <param name="scopes">What it is held to; none for all the user may do.</param>
    public static async Task<(SignInSession Session, string Token)> SignInAsync(
        this GatewayServer server, User user, Assurance assurance = Assurance.A1, TimeSpan age = default, params string[] scopes)
    {
        var services = server.App.Services;
        var (session, _) = await services.GetRequiredService<SignIns>().BeginAsync(user, SignInKinds.Token, assurance, ["pwd"], new ActOrigin("127.0.0.1", "test"), default, scopes.Length == 0 ? default : [.. scopes]);
        if (age > TimeSpan.Zero)
        {
            session = session with { AuthenticatedAt = session.AuthenticatedAt - age };
            Assert.True(await services.GetRequiredService<ISignInSessionStore>().StepUpAsync(session, session.SecretDigest, default));
        }

        return (session, services.GetRequiredService<AccessTokens>().Create(session, user));
    }

    /// <summary>A client of somebody.</summary>
    public static HttpClient Client(this GatewayServer server, string? credential)
    {
        var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(server.Url) };
        if (credential is not null)
        {
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", credential);
        }

        return http;
    }

    /// <summary>A client of a new user of a role, just signed in.</summary>
    public static async Task<(User User, HttpClient Http)> PersonAsync(this GatewayServer server, string role, string tenant = "default")
    {
        var user = await server.UserAsync(role, tenant);
        return (user, server.Client((await server.SignInAsync(user)).Token));
    }

    /// <summary>Asks; the status, the code of a refusal, and the answer.</summary>
    public static async Task<(int Status, string Code, JsonNode? Body)> AskAsync(this HttpClient http, string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, Security.Doors.Code(response), text.StartsWith('{') || text.StartsWith('[') ? JsonNode.Parse(text) : null);
    }

    /// <summary>The acts on record in a tenant, the newest first: action, detail, code.</summary>
    public static async Task<IReadOnlyList<(string? Action, string? Detail, string? Code)>> ActsAsync(this GatewayServer server, string tenant = "default")
        => [.. (await server.App.Services.GetRequiredService<IAuditLog>().ReadAsync(
                new AuditQuery { Tenant = tenant, Kind = EntryKind.Admin, Limit = 1000 }, default))
            .Select(stored => LogEntryParser.Parse(stored.Canonical.Span).Body).Select(body => (body.Action, body.Detail, body.Code))];
}
