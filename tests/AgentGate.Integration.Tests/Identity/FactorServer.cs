using System.Text;
using System.Text.Json;
using AgentGate.Identity;
using AgentGate.Server.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Integration.Tests.Identity;

/// <summary>A server with a clock that stands still, reached as <c>http://localhost</c>, and users with the password <see cref="Password"/>.</summary>
internal sealed class FactorServer(GatewayServer server, FakeTimeProvider time) : IAsyncDisposable
{
    public const string Password = "correct horse battery staple";

    public GatewayServer Server { get; } = server;

    public FakeTimeProvider Time { get; } = time;

    /// <summary>The address that pages have: browsers give passkeys to names alone.</summary>
    public string Origin { get; } = server.Url.Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    public T Get<T>()
        where T : notnull
        => Server.App.Services.GetRequiredService<T>();

    // Close to the real time: what else runs in the server looks at files and sockets.
    public static Task<FactorServer> StartAsync(params (string Key, string Value)[] settings) => StartAsync(new FakeTimeProvider(DateTimeOffset.UtcNow), settings);

    public static async Task<FactorServer> StartAsync(FakeTimeProvider time, params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>(StringComparer.Ordinal) { ["AgentGate:Passwords:Cost"] = "4" };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return new FactorServer(await GatewayServer.StartAsync(builder => builder.Services.AddSingleton<TimeProvider>(time), all), time);
    }

    /// <summary>Adds a user.</summary>
    public async Task<User> AddUserAsync(string email, string role = Roles.Developer, string tenant = "default", bool active = true, bool password = true, string? proof = AddressProofs.Admin)
    {
        var user = new User
        {
            Id = "user_" + Guid.NewGuid().ToString("n"), Tenant = tenant, Email = email, Name = "Somebody", Role = role, IsActive = active, CreatedAt = Time.GetUtcNow(), AddressProof = proof,
        };
        if (password)
        {
            user = user with { PasswordHash = Get<BcryptPasswordHasher>().HashPassword(user, Password) };
        }

        Assert.True(await Get<IUserDirectory>().AddAsync(user, onlyIfFirst: false, default));
        return user;
    }

    /// <summary>A client without a credential.</summary>
    public HttpClient Anonymous() => new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri(Origin) };

    /// <summary>A client with the access token of a user who signs in with its password.</summary>
    public async Task<HttpClient> SignInAsync(string email, string? totp = null, string? backup = null)
    {
        var http = Anonymous();
        var (status, answer) = await PostAsync(http, "/api/auth/login", new { email, password = Password, totp_code = totp, backup_code = backup });
        Assert.True(status == 200, $"sign-in answered {status}: {answer}");
        return With(http, answer.GetProperty("access_token").GetString()!);
    }

    public static HttpClient With(HttpClient http, string token)
    {
        http.DefaultRequestHeaders.Remove("Authorization");
        http.DefaultRequestHeaders.Add("Authorization", "Bearer " + token);
        return http;
    }

    /// <summary>Enrols a second factor; the clock goes on by a step, so that the next code is another.</summary>
    public async Task<(byte[] Secret, string[] Codes)> EnrolAsync(HttpClient http)
    {
        var (status, begun) = await PostAsync(http, "/api/auth/enable-2fa", null);
        Assert.Equal(200, status);
        var secret = OtpNet.Base32Encoding.ToBytes(begun.GetProperty("secret").GetString());
        (status, var enabled) = await PostAsync(http, "/api/auth/verify-2fa", new { code = Code(secret) });
        Assert.Equal(200, status);
        With(http, enabled.GetProperty("access_token").GetString()!);
        Time.Advance(TimeSpan.FromSeconds(30));
        return (secret, [.. begun.GetProperty("backup_codes").EnumerateArray().Select(code => code.GetString()!)]);
    }

    /// <summary>What an authenticator shows, some steps from now.</summary>
    public string Code(byte[] secret, int steps = 0) => AgentGate.Server.Identity.Factors.TotpCodes.At(secret, Time.GetUtcNow().AddSeconds(30 * steps));

    public static async Task<(int Status, JsonElement Body)> PostAsync(HttpClient http, string path, object? body)
        => await SendAsync(http, HttpMethod.Post, path, body);

    public static async Task<(int Status, JsonElement Body)> SendAsync(HttpClient http, HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body as string ?? JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        }

        using var response = await http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.Length > 0 && text[0] is '{' or '[' ? JsonDocument.Parse(text).RootElement : default);
    }

    public static async Task<(int Status, JsonElement Body)> GetAsync(HttpClient http, string path) => await SendAsync(http, HttpMethod.Get, path);

    /// <summary>The code of a problem.</summary>
    public static string CodeOf(JsonElement problem) => problem.GetProperty("code").GetString()!;

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
