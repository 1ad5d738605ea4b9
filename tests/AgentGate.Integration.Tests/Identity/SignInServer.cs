using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using AgentGate.Audit;
using AgentGate.Identity;
using AgentGate.Kernel.Transparency;
using AgentGate.Server.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Identity;

/// <summary>A whole server to sign in to: cheap hashes, wide limits, and addresses as the tests want them.</summary>
internal sealed class SignInServer : IAsyncDisposable
{
    public const string Email = "admin@example.org";
    public const string Password = "violet teapot ascends quietly";

    /// <summary>The header by which a test says which address a request comes from.</summary>
    private const string AddressHeader = "x-test-address";

    private SignInServer(GatewayServer gateway)
    {
        Gateway = gateway;
        Http = new HttpClient(new HttpClientHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(gateway.Url) };
    }

    public GatewayServer Gateway { get; }

    /// <summary>A client without any credential.</summary>
    public HttpClient Http { get; }

    public T Get<T>()
        where T : notnull
        => Gateway.App.Services.GetRequiredService<T>();

    /// <summary>Starts one.</summary>
    /// <param name="settings">Settings beside those of the tests.</param>
    /// <param name="setUp">Whether to make the first user.</param>
    /// <param name="customize">Last word on its services.</param>
    /// <param name="environment">The environment.</param>
    public static async Task<SignInServer> StartAsync(
        IReadOnlyDictionary<string, string?>? settings = null, bool setUp = true, Action<WebApplicationBuilder>? customize = null, string environment = "Development")
    {
        var all = new Dictionary<string, string?>
        {
            ["AgentGate:Passwords:Cost"] = "4",
            ["AgentGate:Passwords:WaitingMax"] = "10000",
            ["AgentGate:SignIn:AddressTriesPerMinute"] = "100000",
            ["AgentGate:SignIn:AddressTriesPerHour"] = "100000",
            ["AgentGate:Captcha:Difficulty"] = "4",
        };
        foreach (var (name, value) in settings ?? new Dictionary<string, string?>())
        {
            all[name] = value;
        }

        var server = new SignInServer(await GatewayServer.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton<IStartupFilter>(new Addresses());
                customize?.Invoke(builder);
            },
            all,
            environment: environment));
        if (setUp)
        {
            var (status, body) = await server.SetUpAsync();
            Assert.True(status == 200, body.ToJsonString());
        }

        return server;
    }

    /// <summary>Makes the first user.</summary>
    public Task<(int Status, JsonNode Body)> SetUpAsync(string email = Email, string? origin = null, string? code = null, string? address = null, bool key = false)
        => PostAsync("/api/setup/complete", new JsonObject { ["email"] = email, ["password"] = Password, ["setup_code"] = code, ["create_api_key"] = key }, origin: origin ?? Gateway.Url, address: address);

    /// <summary>Makes a user of a role, with the password of the tests.</summary>
    public async Task<User> UserAsync(string email, string role, string tenant = "default", Func<User, User>? change = null)
    {
        var user = new User
        {
            Id = UserIds.Create(Get<Pipeline.IIdSource>()), Tenant = tenant, Email = email, Name = "Somebody", Role = role, CreatedAt = TimeProvider.System.GetUtcNow(),
        };
        user = user with { PasswordHash = Get<BcryptPasswordHasher>().HashPassword(user, Password) };
        user = change?.Invoke(user) ?? user;
        Assert.True(await Get<IUserDirectory>().AddAsync(user, onlyIfFirst: false, CancellationToken.None));
        return (await Get<IUserDirectory>().FindAsync(user.Id, CancellationToken.None))!;
    }

    /// <summary>Changes a user, as an admin would.</summary>
    public async Task ChangeAsync(string email, Func<User, User> change)
    {
        var users = Get<IUserDirectory>();
        Assert.Equal(UserChange.Done, await users.UpdateAsync(change((await users.FindByEmailAsync(email, CancellationToken.None))!), CancellationToken.None));
    }

    /// <summary>Tries to sign in.</summary>
    public async Task<(int Status, JsonNode Body)> LoginAsync(
        string email = Email, string password = Password, string? address = null, string? captcha = null, string? totp = null, string? backup = null)
        => await PostAsync("/api/auth/login", Login(email, password, captcha, totp, backup), address: address);

    /// <summary>Signs in.</summary>
    /// <returns>The access token.</returns>
    public async Task<string> TokenAsync(string email = Email)
    {
        var (status, body) = await LoginAsync(email);
        Assert.True(status == 200, body.ToJsonString());
        return body["access_token"]!.GetValue<string>();
    }

    /// <summary>Signs a browser in.</summary>
    /// <returns>The cookie, as a request sends it, and the CSRF token.</returns>
    public async Task<(string Cookie, string Csrf, HttpResponseMessage Response)> CookieAsync(string email = Email, string? former = null)
    {
        var body = Login(email, Password, null, null, null);
        body["cookie"] = true;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/login") { Content = JsonContent.Create(body) };
        request.Headers.Add("Origin", Gateway.Url);
        if (former is not null)
        {
            request.Headers.Add("Cookie", former);
        }

        var response = await Http.SendAsync(request);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        Assert.True(response.StatusCode == HttpStatusCode.OK, answer.ToJsonString());
        return (response.Headers.GetValues("Set-Cookie").Single().Split(';')[0], answer["csrf_token"]!.GetValue<string>(), response);
    }

    /// <summary>Solves a CAPTCHA.</summary>
    public async Task<string> CaptchaAsync()
    {
        var (_, challenge) = await SendAsync(HttpMethod.Get, "/api/auth/captcha");
        var (text, difficulty) = (challenge["challenge"]!.GetValue<string>(), challenge["difficulty"]!.GetValue<int>());
        for (var nonce = 0; ; nonce++)
        {
            if (ProofOfWork.IsWorkDone($"{text}:{nonce}", difficulty))
            {
                return $"{text}:{nonce}";
            }
        }
    }

    public Task<(int Status, JsonNode Body)> PostAsync(string path, JsonNode? body, string? token = null, string? origin = null, string? address = null)
        => SendAsync(HttpMethod.Post, path, body, token, origin, address);

    /// <summary>Sends a request; the status and the body.</summary>
    public async Task<(int Status, JsonNode Body)> SendAsync(
        HttpMethod method, string path, JsonNode? body = null, string? token = null, string? origin = null, string? address = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        foreach (var (name, value) in headers.Append(("Origin", origin ?? "")).Append((AddressHeader, address ?? "")).Where(header => header.Item2.Length > 0))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        var node = (text.Length > 0 ? JsonNode.Parse(text) : null) ?? new JsonObject();
        if (response.Headers.RetryAfter?.Delta is { } after && node is JsonObject problem)
        {
            problem["retry_after"] = after.TotalSeconds;
        }

        return ((int)response.StatusCode, node);
    }

    /// <summary>The entries of a log, oldest first, with what was only counted until now.</summary>
    public async Task<List<LogEntryBody>> LogAsync(string tenant)
    {
        await Get<FailedActs>().FlushAsync(all: true, CancellationToken.None);
        var entries = new List<LogEntryBody>();
        await foreach (var stored in Get<IAuditLog>().ReadChainAsync(tenant, 0, null, CancellationToken.None))
        {
            entries.Add(LogEntryParser.Parse(stored.Canonical.Span).Body);
        }

        return entries;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Gateway.DisposeAsync();
    }

    private static JsonObject Login(string email, string password, string? captcha, string? totp, string? backup)
    {
        var body = new JsonObject { ["email"] = email, ["password"] = password };
        foreach (var (name, value) in new[] { ("captcha_token", captcha), ("totp_code", totp), ("backup_code", backup) })
        {
            if (value is not null)
            {
                body[name] = value;
            }
        }

        return body;
    }

    private sealed class Addresses : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((HttpContext context, RequestDelegate go) =>
            {
                if (context.Request.Headers[AddressHeader] is [{ Length: > 0 } address])
                {
                    context.Connection.RemoteIpAddress = IPAddress.Parse(address);
                }

                return go(context);
            });
            next(app);
        };
    }
}
