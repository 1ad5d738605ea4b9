using System.Text.Json;
using AgentGate.Integration.Tests.Cluster;
using static AgentGate.Integration.Tests.Identity.FactorServer;

namespace AgentGate.Integration.Tests.Identity;

/// <summary>Moves an installation from passwords to a provider, as an operator does it: the same state, another mode, a restart. <c>./run cutover smoke</c> shows it.</summary>
public sealed class CutoverTests(ITestOutputHelper output) : IDisposable
{
    private const string Mail = "owner@example.org";
    private const string Passphrase = "a long sentence about nothing";

    private readonly string _state = Path.Combine(Path.GetTempPath(), "agentgate-cutover-" + Guid.NewGuid().ToString("n"));
    private readonly List<string> _failed = [];

    [Fact]
    public async Task An_installation_moves_from_passwords_to_a_provider_and_everybody_stays_who_they_are()
    {
        await using var provider = await OidcDouble.StartAsync(TimeProvider.System);
        provider.Person["email"] = Mail;
        string? owner = null;

        await InModeAsync("local", provider, async http =>
        {
            using var setup = new HttpRequestMessage(HttpMethod.Post, "/api/setup/complete") { Content = Json(new { email = Mail, password = Passphrase, name = "Owner" }) };
            setup.Headers.Add("Origin", http.BaseAddress!.GetLeftPart(UriPartial.Authority));
            using var done = await http.SendAsync(setup);
            Say(done.IsSuccessStatusCode, "local: the setup makes the owner");
            var (status, login) = await PostAsync(http, "/api/auth/login", new { email = Mail, password = Passphrase });
            Say(status == 200, "local: the owner signs in with a password");
            owner = IdOf(login);
            Say((await PostAsync(http, "/api/auth/exchange", new { provider_token = provider.Token() })).Status == 400, "local: tokens of the provider are not taken");
            Say((await GetAsync(http, "/api/auth/oidc/custom_oidc/start")).Status == 404, "local: no browser is sent to the provider");
        });
        await InModeAsync("hybrid_migration", provider, async http =>
        {
            var (status, login) = await PostAsync(http, "/api/auth/login", new { email = Mail, password = Passphrase });
            Say(status == 200 && IdOf(login) == owner, "hybrid_migration: the password still signs in");
            provider.Person["email_verified"] = false;
            Say((await PostAsync(http, "/api/auth/exchange", new { provider_token = provider.Token() })).Status == 403, "hybrid_migration: an address that is not verified ties nobody");
            provider.Person["email_verified"] = true;
            (status, login) = await PostAsync(http, "/api/auth/exchange", new { provider_token = provider.Token() });
            Say(status == 200 && IdOf(login) == owner, "hybrid_migration: the provider signs in the same owner");
            provider.Rotate();
            Say(await SoonAsync(async () => (await PostAsync(http, "/api/auth/exchange", new { provider_token = provider.Token() })).Status == 200), "hybrid_migration: a new key of the provider is found");
        });
        await InModeAsync("custom_oidc", provider, async http =>
        {
            Say((await PostAsync(http, "/api/auth/login", new { email = Mail, password = Passphrase })).Status == 403, "custom_oidc: passwords are not taken any more");
            var (status, login) = await PostAsync(http, "/api/auth/exchange", new { provider_token = provider.Token() });
            Say(status == 200 && IdOf(login) == owner, "custom_oidc: the provider signs in the same owner");
            Say(status == 200 && login.GetProperty("user").GetProperty("role").GetString() == "admin", "custom_oidc: the owner kept the role");
            Say(await BrowserAsync(http) == 200, "custom_oidc: a browser signs in with code, PKCE, state and nonce");
            Say((await PostAsync(http, "/api/auth/exchange", new { provider_token = provider.Token(algorithm: "none") })).Status == 401, "custom_oidc: an unsigned token is refused");
        });

        Assert.Empty(_failed);
    }

    public void Dispose()
    {
        if (Directory.Exists(_state))
        {
            Directory.Delete(_state, recursive: true);
        }
    }

    private async Task InModeAsync(string mode, OidcDouble provider, Func<HttpClient, Task> play)
    {
        await using var server = await ServerProcess.StartAsync(new Dictionary<string, string>
        {
            ["AGENTGATE_STATE_DIR"] = _state,
            ["IDENTITY_PROVIDER_MODE"] = mode,
            ["OIDC_ISSUER"] = provider.Issuer,
            ["OIDC_CLIENT_ID"] = OidcDouble.ClientId,
            ["OIDC_CLIENT_SECRET"] = OidcDouble.ClientSecret,
        });
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(server.Url) };
        await play(http);
    }

    private void Say(bool holds, string what)
    {
        output.WriteLine((holds ? "pass  " : "FAIL  ") + what);
        if (!holds)
        {
            _failed.Add(what);
        }
    }

    private static async Task<int> BrowserAsync(HttpClient http)
    {
        using var start = await http.GetAsync("/api/auth/oidc/custom_oidc/start");
        using var direct = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var back = await direct.GetAsync(start.Headers.Location);
        using var request = new HttpRequestMessage(HttpMethod.Get, back.Headers.Location);
        request.Headers.Add("Cookie", start.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        using var arrived = await http.SendAsync(request);
        return arrived.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(cookie => cookie.StartsWith("agentgate_pages=", StringComparison.Ordinal)) ? (int)arrived.StatusCode : 0;
    }

    private static async Task<bool> SoonAsync(Func<Task<bool>> holds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        for (var i = 0; i < 30; i++)
        {
            if (await holds())
            {
                return true;
            }

            await timer.WaitForNextTickAsync();
        }

        return false;
    }

    private static StringContent Json(object body) => new(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json");

    private static string? IdOf(JsonElement login)
        => login.ValueKind == JsonValueKind.Object && login.TryGetProperty("user", out var user) ? user.GetProperty("id").GetString() : null;
}
