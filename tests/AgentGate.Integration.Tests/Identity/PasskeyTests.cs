using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentGate.Identity;
using static AgentGate.Integration.Tests.Identity.FactorServer;

namespace AgentGate.Integration.Tests.Identity;

public sealed class PasskeyTests
{
    private const string Mail = "ada@example.org";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_passkey_signs_in_without_a_name_and_proves_more_than_a_password(bool rsa)
    {
        await using var server = await StartAsync();
        var user = await server.AddUserAsync(Mail);
        using var http = await server.SignInAsync(Mail);
        using var key = new SoftAuthenticator(rsa);
        var (status, entry) = await RegisterAsync(server, http, key, "Laptop");

        Assert.Equal(201, status);
        Assert.Equal(Base64Url.EncodeToString(key.Id), entry.GetProperty("id").GetString());
        Assert.Equal("Laptop", entry.GetProperty("name").GetString());

        using var anonymous = server.Anonymous();
        var (login, result) = await LoginAsync(server, anonymous, key);
        Assert.Equal(200, login);
        Assert.Equal("A3", result.GetProperty("session_assurance").GetString());
        Assert.Equal(user.Id, result.GetProperty("user").GetProperty("id").GetString());
        With(anonymous, result.GetProperty("access_token").GetString()!);
        var (_, list) = await GetAsync(anonymous, "/api/auth/passkey/list");
        Assert.NotEqual(JsonValueKind.Null, Assert.Single(list.GetProperty("passkeys").EnumerateArray()).GetProperty("last_used_at").ValueKind);
    }

    [Fact]
    public async Task The_options_ask_for_any_authenticator_that_verifies_its_user_and_can_be_found_without_a_name()
    {
        await using var server = await StartAsync(("WEBAUTHN_RP_NAME", "The gate"));
        await server.AddUserAsync(Mail);
        using var http = await server.SignInAsync(Mail);

        var (_, start) = await PostAsync(http, "/api/auth/passkey/register-start", null);

        var options = start.GetProperty("options");
        Assert.Equal("localhost", options.GetProperty("rp").GetProperty("id").GetString());
        Assert.Equal("The gate", options.GetProperty("rp").GetProperty("name").GetString());
        var selection = options.GetProperty("authenticatorSelection");
        Assert.Equal("required", selection.GetProperty("userVerification").GetString());
        Assert.Equal("required", selection.GetProperty("residentKey").GetString());
        Assert.False(selection.TryGetProperty("authenticatorAttachment", out var attachment) && attachment.ValueKind == JsonValueKind.String);
        var algorithms = options.GetProperty("pubKeyCredParams").EnumerateArray().Select(one => one.GetProperty("alg").GetInt32()).ToArray();
        Assert.Contains(-7, algorithms);
        Assert.Contains(-257, algorithms);
        Assert.True(Base64Url.DecodeFromChars(options.GetProperty("challenge").GetString()).Length >= 32);
    }

    [Fact]
    public async Task Beginning_to_sign_in_answers_everybody_alike()
    {
        await using var server = await StartAsync();
        await server.AddUserAsync(Mail);
        using var http = await server.SignInAsync(Mail);
        using var key = new SoftAuthenticator();
        await RegisterAsync(server, http, key);
        using var anonymous = server.Anonymous();

        var answers = new List<string>();
        foreach (var body in (object?[])[new { email = Mail }, new { email = "nobody@example.org" }, new { }, null])
        {
            var (status, answer) = await PostAsync(anonymous, "/api/auth/passkey/login-start", body);
            Assert.Equal(200, status);
            var options = JsonNode.Parse(answer.GetProperty("options").GetRawText())!.AsObject();
            options.Remove("challenge");
            answers.Add(options.ToJsonString());
        }

        Assert.Single(answers.Distinct());
        Assert.DoesNotContain(Base64Url.EncodeToString(key.Id), answers[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_registration_is_refused_unless_everything_about_it_is_right()
    {
        await using var server = await StartAsync();
        await server.AddUserAsync(Mail);
        await server.AddUserAsync("bob@example.org");
        using var http = await server.SignInAsync(Mail);
        using var bob = await server.SignInAsync("bob@example.org");

        async Task RefusesAsync(string why, Func<SoftAuthenticator, JsonElement, JsonObject> make, HttpClient? finisher = null, TimeSpan wait = default)
        {
            using var key = new SoftAuthenticator();
            var (_, start) = await PostAsync(http, "/api/auth/passkey/register-start", null);
            server.Time.Advance(wait);
            var body = new JsonObject { ["challenge_id"] = start.GetProperty("challenge_id").GetString(), ["credential"] = make(key, start.GetProperty("options")) };
            var (status, problem) = await PostAsync(finisher ?? http, "/api/auth/passkey/register-finish", body.ToJsonString());
            Assert.True((status, CodeOf(problem)) == (400, "AG6306"), $"{why}: {status} {problem}");
        }

        await RefusesAsync("another challenge", (key, options) => key.Create(options, server.Origin, challenge: Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32))));
        await RefusesAsync("another origin", (key, options) => key.Create(options, "https://evil.example"));
        await RefusesAsync("another port", (key, options) => key.Create(options, "http://localhost:1"));
        await RefusesAsync("inside another page", (key, options) => key.Create(options, server.Origin, crossOrigin: true));
        await RefusesAsync("another site", (key, options) => key.Create(options, server.Origin, rpId: "evil.example"));
        await RefusesAsync("another kind", (key, options) => key.Create(options, server.Origin, type: "webauthn.get"));
        await RefusesAsync("a user who was not verified", (key, options) =>
        {
            key.Flags = 1;
            return key.Create(options, server.Origin);
        });
        await RefusesAsync("a user who was not there", (key, options) =>
        {
            key.Flags = 4;
            return key.Create(options, server.Origin);
        });
        await RefusesAsync("a broken attestation", (key, options) =>
        {
            var made = key.Create(options, server.Origin);
            made["response"]!["attestationObject"] = "AAAA";
            return made;
        });
        await RefusesAsync("another user's challenge", (key, options) => key.Create(options, server.Origin), bob);
        await RefusesAsync("too late", (key, options) => key.Create(options, server.Origin), wait: TimeSpan.FromMinutes(6));
        var (_, list) = await GetAsync(http, "/api/auth/passkey/list");
        Assert.Empty(list.GetProperty("passkeys").EnumerateArray());
    }

    [Fact]
    public async Task A_challenge_and_a_credential_register_once()
    {
        await using var server = await StartAsync();
        await server.AddUserAsync(Mail);
        await server.AddUserAsync("bob@example.org");
        using var http = await server.SignInAsync(Mail);
        using var bob = await server.SignInAsync("bob@example.org");
        using var key = new SoftAuthenticator();
        var (_, start) = await PostAsync(http, "/api/auth/passkey/register-start", null);
        var body = new JsonObject
        {
            ["challenge_id"] = start.GetProperty("challenge_id").GetString(), ["credential"] = key.Create(start.GetProperty("options"), server.Origin),
        }.ToJsonString();

        Assert.Equal(201, (await PostAsync(http, "/api/auth/passkey/register-finish", body)).Status);
        await ProveAsync(server, http, key);
        Assert.Equal(400, (await PostAsync(http, "/api/auth/passkey/register-finish", body)).Status);
        Assert.Equal(400, (await RegisterAsync(server, bob, key)).Status);
    }

    [Fact]
    public async Task A_sign_in_is_refused_unless_everything_about_it_is_right()
    {
        await using var server = await StartAsync();
        await server.AddUserAsync(Mail);
        var bob = await server.AddUserAsync("bob@example.org");
        using var http = await server.SignInAsync(Mail);
        using var key = new SoftAuthenticator();
        await RegisterAsync(server, http, key);
        using var anonymous = server.Anonymous();

        async Task RefusesAsync(string why, Func<JsonElement, JsonObject> make, TimeSpan wait = default)
        {
            var (_, start) = await PostAsync(anonymous, "/api/auth/passkey/login-start", null);
            server.Time.Advance(wait);
            var body = new JsonObject { ["challenge_id"] = start.GetProperty("challenge_id").GetString(), ["credential"] = make(start.GetProperty("options")) };
            var (status, problem) = await PostAsync(anonymous, "/api/auth/passkey/login-finish", body.ToJsonString());
            Assert.True((status, CodeOf(problem)) == (401, "AG6303"), $"{why}: {status} {problem}");
        }

        await RefusesAsync("a broken signature", options => key.Get(options, server.Origin, breakSignature: true));
        await RefusesAsync("another challenge", options => key.Get(options, server.Origin, challenge: Base64Url.EncodeToString(new byte[32])));
        await RefusesAsync("another origin", options => key.Get(options, "https://evil.example"));
        await RefusesAsync("another site", options => key.Get(options, server.Origin, rpId: "evil.example"));
        await RefusesAsync("another kind", options => key.Get(options, server.Origin, type: "webauthn.create"));
        await RefusesAsync("another user", options => key.Get(options, server.Origin, userHandle: Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(bob.Id))));
        await RefusesAsync("an unknown credential", options =>
        {
            using var other = new SoftAuthenticator { UserHandle = key.UserHandle };
            return other.Get(options, server.Origin);
        });
        await RefusesAsync("a user who was not verified", options =>
        {
            key.Flags = 1;
            return key.Get(options, server.Origin);
        });
        key.Flags = 5;
        await RefusesAsync("too late", options => key.Get(options, server.Origin), TimeSpan.FromMinutes(6));

        Assert.Equal(200, (await LoginAsync(server, anonymous, key)).Status);
        await RefusesAsync("a counter that went back", options =>
        {
            key.Count -= 2;
            return key.Get(options, server.Origin);
        });
    }

    [Fact]
    public async Task What_was_signed_is_good_once()
    {
        await using var server = await StartAsync();
        await server.AddUserAsync(Mail);
        using var http = await server.SignInAsync(Mail);
        using var key = new SoftAuthenticator();
        await RegisterAsync(server, http, key);
        using var anonymous = server.Anonymous();
        var (_, start) = await PostAsync(anonymous, "/api/auth/passkey/login-start", null);
        var body = new JsonObject { ["challenge_id"] = start.GetProperty("challenge_id").GetString(), ["credential"] = key.Get(start.GetProperty("options"), server.Origin) }.ToJsonString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(async _ => (await PostAsync(anonymous, "/api/auth/passkey/login-finish", body)).Status));

        Assert.Equal(1, answers.Count(status => status == 200));
        Assert.Equal(4, answers.Count(status => status == 401));
    }

    [Fact]
    public async Task A_disabled_user_is_not_let_in_by_a_passkey()
    {
        await using var server = await StartAsync();
        var user = await server.AddUserAsync(Mail);
        using var http = await server.SignInAsync(Mail);
        using var key = new SoftAuthenticator();
        await RegisterAsync(server, http, key);
        var users = server.Get<IUserDirectory>();
        Assert.Equal(UserChange.Done, await users.UpdateAsync((await users.FindAsync(user.Id, default))! with { IsActive = false }, default));
        using var anonymous = server.Anonymous();

        Assert.Equal(403, (await LoginAsync(server, anonymous, key)).Status);
    }

    [Fact]
    public async Task Passkeys_are_renamed_and_deleted_by_their_owner_alone()
    {
        await using var server = await StartAsync();
        await server.AddUserAsync(Mail);
        await server.AddUserAsync("bob@example.org", tenant: "other");
        using var http = await server.SignInAsync(Mail);
        using var bob = await server.SignInAsync("bob@example.org");
        using var key = new SoftAuthenticator();
        await RegisterAsync(server, http, key);
        var path = "/api/auth/passkey/" + Base64Url.EncodeToString(key.Id);

        var (foreign, problem) = await SendAsync(bob, HttpMethod.Patch, path, new { name = "Mine" });
        var (unknown, same) = await SendAsync(bob, HttpMethod.Patch, "/api/auth/passkey/AAAA", new { name = "Mine" });
        Assert.Equal((404, "AG6307"), (foreign, CodeOf(problem)));
        Assert.Equal((404, problem.GetProperty("detail").GetString()), (unknown, same.GetProperty("detail").GetString()));
        Assert.Equal(404, (await SendAsync(bob, HttpMethod.Delete, path)).Status);
        Assert.Equal(400, (await SendAsync(http, HttpMethod.Delete, "/api/auth/passkey/a%00b")).Status);

        Assert.Equal(400, (await SendAsync(http, HttpMethod.Patch, path, new { name = " " })).Status);
        Assert.Equal(400, (await SendAsync(http, HttpMethod.Patch, path, new { name = "a\u0000b" })).Status);
        var (renamed, entry) = await SendAsync(http, HttpMethod.Patch, path, new { name = " Key in the safe " });
        Assert.Equal((200, "Key in the safe"), (renamed, entry.GetProperty("name").GetString()));
        Assert.Equal(401, (await SendAsync(http, HttpMethod.Delete, path)).Status);
        await ProveAsync(server, http, key);
        Assert.Equal(204, (await SendAsync(http, HttpMethod.Delete, path)).Status);
        using var anonymous = server.Anonymous();
        Assert.Equal(401, (await LoginAsync(server, anonymous, key)).Status);
    }

    [Fact]
    public async Task A_host_that_a_request_makes_up_is_no_site_for_passkeys()
    {
        await using var server = await StartAsync();
        await server.AddUserAsync(Mail);
        using var http = await server.SignInAsync(Mail);
        http.DefaultRequestHeaders.Host = "evil.example";

        var (status, problem) = await PostAsync(http, "/api/auth/passkey/register-start", null);

        // Hosts nobody configured are refused before; behind that stands AG6309.
        Assert.Equal((400, "AG6604"), (status, CodeOf(problem)));
    }

    [Fact]
    public async Task A_passkey_proves_its_user_anew_in_the_session_that_asks()
    {
        await using var server = await StartAsync();
        await server.AddUserAsync(Mail);
        await server.AddUserAsync("bob@example.org");
        using var http = await server.SignInAsync(Mail);
        using var bob = await server.SignInAsync("bob@example.org");
        using var key = new SoftAuthenticator();
        using var other = new SoftAuthenticator();
        await RegisterAsync(server, http, key);
        await RegisterAsync(server, bob, other);
        server.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(401, (await PostAsync(http, "/api/auth/passkey/register-start", null)).Status);

        Assert.Equal(401, (await StepUpAsync(server, http, other)).Status);

        // A password alone proves nothing anew of who has a passkey.
        var (refused, problem) = await PostAsync(http, "/api/auth/step-up", new { password = Password });
        Assert.Equal((400, "AG6305"), (refused, CodeOf(problem)));
        await ProveAsync(server, http, key);
        Assert.Equal(200, (await PostAsync(http, "/api/auth/passkey/register-start", null)).Status);
    }

    internal static async Task<(int Status, JsonElement Body)> RegisterAsync(FactorServer server, HttpClient http, SoftAuthenticator key, string? name = null)
    {
        var (status, start) = await PostAsync(http, "/api/auth/passkey/register-start", null);
        Assert.True(status == 200, $"register-start answered {status}: {start}");
        return await PostAsync(http, "/api/auth/passkey/register-finish", new JsonObject
        {
            ["challenge_id"] = start.GetProperty("challenge_id").GetString(), ["credential"] = key.Create(start.GetProperty("options"), server.Origin), ["name"] = name,
        }.ToJsonString());
    }

    private static async Task<(int Status, JsonElement Body)> StepUpAsync(FactorServer server, HttpClient http, SoftAuthenticator key)
    {
        var (_, start) = await PostAsync(http, "/api/auth/step-up/passkey-start", null);
        return await PostAsync(http, "/api/auth/step-up", new JsonObject
        {
            ["challenge_id"] = start.GetProperty("challenge_id").GetString(), ["credential"] = key.Get(start.GetProperty("options"), server.Origin),
        }.ToJsonString());
    }

    /// <summary>Proves the user by its passkey; the client has the new access token from then on.</summary>
    private static async Task ProveAsync(FactorServer server, HttpClient http, SoftAuthenticator key)
    {
        var (status, raised) = await StepUpAsync(server, http, key);
        Assert.Equal((200, "A3"), (status, raised.GetProperty("session_assurance").GetString()));
        With(http, raised.GetProperty("access_token").GetString()!);
    }

    internal static async Task<(int Status, JsonElement Body)> LoginAsync(FactorServer server, HttpClient http, SoftAuthenticator key)
    {
        var (_, start) = await PostAsync(http, "/api/auth/passkey/login-start", new { });
        return await PostAsync(http, "/api/auth/passkey/login-finish", new JsonObject
        {
            ["challenge_id"] = start.GetProperty("challenge_id").GetString(), ["credential"] = key.Get(start.GetProperty("options"), server.Origin),
        }.ToJsonString());
    }
}
