namespace AgentGate.Integration.Tests.Identity;

/// <summary>A server and the provider it is told of, with one clock.</summary>
internal sealed class FederationServer(FactorServer server, OidcDouble provider) : IAsyncDisposable
{
    public FactorServer Server { get; } = server;

    public OidcDouble Provider { get; } = provider;

    public static async Task<FederationServer> StartAsync(string mode = "custom_oidc", params (string Key, string Value)[] settings)
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        var provider = await OidcDouble.StartAsync(time);
        var server = await FactorServer.StartAsync(
            time,
            [
                ("AgentGate:Federation:Mode", mode),
                ("AgentGate:Federation:CustomOidc:Issuer", provider.Issuer),
                ("AgentGate:Federation:CustomOidc:ClientId", OidcDouble.ClientId),
                ("AgentGate:Federation:CustomOidc:ClientSecret", OidcDouble.ClientSecret),
                .. settings,
            ]);

        // Somebody made the first user.
        await server.AddUserAsync("owner@example.org", "admin");
        return new FederationServer(server, provider);
    }

    /// <summary>Goes the way of a browser, up to its return to the server.</summary>
    public async Task<(HttpClient Browser, string Callback)> GoAsync(string? returnUrl = null)
    {
        var browser = Server.Anonymous();
        using var start = await browser.GetAsync("/api/auth/oidc/custom_oidc/start" + (returnUrl is null ? "" : "?return_url=" + Uri.EscapeDataString(returnUrl)));
        Assert.Equal(302, (int)start.StatusCode);
        browser.DefaultRequestHeaders.Add("Cookie", start.Headers.GetValues("Set-Cookie").Single().Split(';')[0]);
        using var direct = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var back = await direct.GetAsync(start.Headers.Location);
        Assert.Equal(302, (int)back.StatusCode);
        return (browser, back.Headers.Location!.ToString());
    }

    /// <summary>Signs a browser in, and says how that ended.</summary>
    public async Task<(int Status, string? Code)> SignInAsync(Func<string, string>? bend = null)
    {
        var (browser, callback) = await GoAsync();
        using (browser)
        {
            var (status, body) = await FactorServer.GetAsync(browser, bend is null ? callback : bend(callback));
            return (status, body.ValueKind == System.Text.Json.JsonValueKind.Object ? FactorServer.CodeOf(body) : null);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Provider.DisposeAsync();
    }
}
