using System.Net.Http.Json;
using System.Text.Json;
using AgentGate.Identity;
using static AgentGate.Integration.Tests.Identity.FactorServer;

namespace AgentGate.Integration.Tests.Identity;

public sealed class TokenExchangeTests
{
    private const string Mail = "ada@example.org";

    [Fact]
    public async Task A_token_of_the_provider_is_exchanged_under_both_names()
    {
        await using var both = await FederationServer.StartAsync();
        using var http = both.Server.Anonymous();

        var (status, first) = await PostAsync(http, "/api/auth/exchange", new { provider_token = both.Provider.Token(), provider_hint = "custom_oidc", channel_id = "c", agent_id = "a", trace_id = "t" });
        Assert.Equal(200, status);
        Assert.Equal("custom_oidc", first.GetProperty("auth_provider").GetString());
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "urn:ietf:params:oauth:grant-type:token-exchange",
            ["subject_token"] = both.Provider.Token(),
            ["subject_token_type"] = "urn:ietf:params:oauth:token-type:id_token",
            ["scope"] = "trace:read audit:export",
        });
        using var response = await http.PostAsync("/api/auth/exchange", form);
        var second = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal("urn:ietf:params:oauth:token-type:access_token", second.GetProperty("issued_token_type").GetString());

        // A viewer may read traces, and may not export the log.
        Assert.Equal("trace:read", second.GetProperty("scope").GetString());
        With(http, second.GetProperty("access_token").GetString()!);
        Assert.Equal(200, (await GetAsync(http, "/api/auth/me")).Status);
    }

    [Fact]
    public async Task A_token_that_is_wrong_in_any_way_is_refused()
    {
        await using var both = await FederationServer.StartAsync();
        using var http = both.Server.Anonymous();
        var now = both.Server.Time.GetUtcNow().ToUnixTimeSeconds();
        (string Why, string Token)[] cases =
        [
            ("nothing signs it", both.Provider.Token(algorithm: "none")),
            ("the public key as a secret", both.Provider.Token(algorithm: "HS256")),
            ("another audience", both.Provider.Token(claims => claims["aud"] = "somebody")),
            ("another issuer", both.Provider.Token(claims => claims["iss"] = "https://evil.example")),
            ("too old", both.Provider.Token(claims => claims["exp"] = now - 120)),
            ("changed", Change(both.Provider.Token())),
            ("no token", "abc"),
            ("parts that are none", "a.b.c"),
            ("too long", new string('a', 40_000)),
        ];
        foreach (var (why, token) in cases)
        {
            var (status, problem) = await PostAsync(http, "/api/auth/exchange", new { provider_token = token, provider_hint = "custom_oidc" });
            Assert.True((status, CodeOf(problem)) == (401, "AG6404"), $"{why}: {status} {problem}");
        }

        Assert.Equal(400, (await PostAsync(http, "/api/auth/exchange", new { })).Status);
        Assert.Equal(400, (await PostAsync(http, "/api/auth/exchange", new { provider_token = "a", provider_hint = "nobody" })).Status);
        Assert.Equal(400, (await PostAsync(http, "/api/auth/exchange", new { subject_token = "a", grant_type = "password" })).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData("false")]
    [InlineData(null)]
    public async Task An_address_the_provider_does_not_vouch_for_ties_nobody(object? verified)
    {
        await using var both = await FederationServer.StartAsync("hybrid_migration");
        await both.Server.AddUserAsync(Mail, Roles.Admin);
        both.Provider.Person.Remove("email_verified");
        if (verified is not null)
        {
            both.Provider.Person["email_verified"] = verified;
        }

        Assert.Equal((403, "AG6406"), await both.SignInAsync());
    }

    [Fact]
    public async Task Once_tied_the_subject_counts_and_no_address()
    {
        await using var both = await FederationServer.StartAsync("hybrid_migration");
        var ada = await both.Server.AddUserAsync(Mail);
        await both.Server.AddUserAsync("bob@example.org", Roles.Admin);
        Assert.Equal(ada.Id, (await ExchangeAsync(both)).GetProperty("user").GetProperty("id").GetString());

        // The person takes an address that is somebody else's here, and stays who it is.
        both.Provider.Person["email"] = "bob@example.org";
        Assert.Equal(ada.Id, (await ExchangeAsync(both)).GetProperty("user").GetProperty("id").GetString());

        // Somebody else gets the address at the provider: another subject.
        both.Provider.Person["sub"] = "person-2";
        both.Provider.Person["email"] = Mail;
        both.Provider.Person["email_verified"] = false;
        Assert.Equal((403, "AG6406"), await both.SignInAsync());
    }

    [Fact]
    public async Task A_role_is_what_a_rule_says_and_claims_alone_give_none()
    {
        await using var plain = await FederationServer.StartAsync();
        plain.Provider.Person["roles"] = new[] { "admin" };
        plain.Provider.Person["role"] = "admin";
        Assert.Equal("viewer", (await ExchangeAsync(plain)).GetProperty("user").GetProperty("role").GetString());

        await using var both = await FederationServer.StartAsync(
            "custom_oidc",
            ("AgentGate:Federation:CustomOidc:RoleClaim", "groups"),
            ("AgentGate:Federation:CustomOidc:Roles:0:Value", "Gate Admins"),
            ("AgentGate:Federation:CustomOidc:Roles:0:Role", "admin"),
            ("AgentGate:Federation:CustomOidc:Roles:1:Value", "Engineers"),
            ("AgentGate:Federation:CustomOidc:Roles:1:Role", "developer"));
        both.Provider.Person["groups"] = new[] { "Not Gate Admins", "gate admins", "Engineers" };
        Assert.Equal("developer", (await ExchangeAsync(both)).GetProperty("user").GetProperty("role").GetString());
        both.Provider.Person["groups"] = "Gate Admins";
        Assert.Equal("admin", (await ExchangeAsync(both)).GetProperty("user").GetProperty("role").GetString());

        // Who leaves the group leaves the role, at the next sign-in and in every session.
        both.Provider.Person.Remove("groups");
        Assert.Equal("viewer", (await ExchangeAsync(both)).GetProperty("user").GetProperty("role").GetString());
    }

    [Fact]
    public async Task A_session_the_provider_vouches_for_does_no_more_than_the_rules_say()
    {
        await using var both = await FederationServer.StartAsync(
            "hybrid_migration", ("AgentGate:Federation:CustomOidc:Roles:0:Value", "dev"), ("AgentGate:Federation:CustomOidc:Roles:0:Role", "developer"));
        await both.Server.AddUserAsync(Mail, Roles.Admin);
        both.Provider.Person["roles"] = new[] { "dev" };

        var result = await ExchangeAsync(both);

        Assert.Equal("admin", result.GetProperty("user").GetProperty("role").GetString());
        var scopes = result.GetProperty("scopes").EnumerateArray().Select(scope => scope.GetString()!).ToArray();
        Assert.DoesNotContain("user:create", scopes);
        Assert.Subset(Roles.ScopesOf(Roles.Developer).ToHashSet(), scopes.ToHashSet());
    }

    [Fact]
    public async Task A_disabled_user_stays_disabled_and_another_tenant_is_out_of_reach()
    {
        await using var both = await FederationServer.StartAsync("hybrid_migration");
        var ada = await both.Server.AddUserAsync(Mail);
        await ExchangeAsync(both);
        var users = both.Server.Get<IUserDirectory>();
        await users.UpdateAsync((await users.FindAsync(ada.Id, default))! with { IsActive = false }, default);
        Assert.Equal((403, "AG6407"), await both.SignInAsync());

        await both.Server.AddUserAsync("off@example.org", active: false);
        (both.Provider.Person["sub"], both.Provider.Person["email"]) = ("person-3", "off@example.org");
        Assert.Equal((403, "AG6407"), await both.SignInAsync());

        await both.Server.AddUserAsync("far@example.org", tenant: "other");
        (both.Provider.Person["sub"], both.Provider.Person["email"]) = ("person-4", "far@example.org");
        Assert.Equal((403, "AG6406"), await both.SignInAsync());
    }

    [Fact]
    public async Task An_account_for_whose_address_nobody_vouched_is_not_tied_before_an_admin_confirms_it()
    {
        await using var both = await FederationServer.StartAsync("hybrid_migration");
        var user = await both.Server.AddUserAsync(Mail, Roles.Viewer, proof: null);
        Assert.Equal((403, "AG6409"), await both.SignInAsync());

        // Nobody vouches for an address of one's own.
        using var admin = await both.Server.SignInAsync("owner@example.org");
        var owner = (await both.Server.Get<IUserDirectory>().FindByEmailAsync("owner@example.org", default))!;
        Assert.Equal(200, (await SendAsync(admin, HttpMethod.Patch, $"/api/users/{owner.Id}", new { email = "chief@example.org" })).Status);
        (both.Provider.Person["sub"], both.Provider.Person["email"]) = ("chief", "chief@example.org");
        Assert.Equal((403, "AG6409"), await both.SignInAsync());

        (both.Provider.Person["sub"], both.Provider.Person["email"]) = ("person-1", Mail);
        Assert.Equal(200, (await SendAsync(admin, HttpMethod.Patch, $"/api/users/{user.Id}", new { email = Mail })).Status);
        Assert.Equal((200, null), await both.SignInAsync());
        Assert.Contains(await both.Server.Server.ActsAsync(), act => act.Action == "user.address-confirmed");
        Assert.Equal(AddressProofs.Admin, (await both.Server.Get<IUserDirectory>().FindAsync(user.Id, default))!.AddressProof);
    }

    [Fact]
    public async Task A_proof_of_long_ago_is_not_taken_for_a_fresh_one_and_two_factors_of_the_provider_count()
    {
        await using var both = await FederationServer.StartAsync();
        both.Provider.Person["amr"] = new[] { "pwd", "mfa" };
        both.Provider.Person["auth_time"] = both.Server.Time.GetUtcNow().AddHours(-2).ToUnixTimeSeconds();
        var result = await ExchangeAsync(both);
        using var http = With(both.Server.Anonymous(), result.GetProperty("access_token").GetString()!);

        Assert.Equal("A2", result.GetProperty("session_assurance").GetString());
        var (status, problem) = await PostAsync(http, "/api/auth/enable-2fa", null);
        Assert.Equal((401, "AG6007"), (status, CodeOf(problem)));
    }

    [Fact]
    public async Task A_provider_that_does_not_say_when_gives_no_fresh_proof()
    {
        await using var both = await FederationServer.StartAsync();
        both.Provider.Person["amr"] = new[] { "pwd", "mfa" };
        var result = await ExchangeAsync(both);
        using var http = With(both.Server.Anonymous(), result.GetProperty("access_token").GetString()!);

        var (status, problem) = await PostAsync(http, "/api/auth/enable-2fa", null);
        Assert.Equal((401, "AG6007"), (status, CodeOf(problem)));
    }

    [Fact]
    public async Task Whoever_gets_an_address_later_gets_no_account_with_it()
    {
        await using var both = await FederationServer.StartAsync("hybrid_migration");
        var ada = await both.Server.AddUserAsync(Mail, Roles.Admin);
        Assert.Equal(ada.Id, (await ExchangeAsync(both)).GetProperty("user").GetProperty("id").GetString());

        both.Provider.Person["sub"] = "person-2";
        Assert.Equal((403, "AG6406"), await both.SignInAsync());
        both.Provider.Person["sub"] = "person-1";
        Assert.Equal(ada.Id, (await ExchangeAsync(both)).GetProperty("user").GetProperty("id").GetString());
    }

    [Fact]
    public async Task Passwords_and_passkeys_are_taken_where_the_mode_says_so()
    {
        await using var both = await FederationServer.StartAsync();
        using var http = both.Server.Anonymous();
        Assert.Equal(403, (await PostAsync(http, "/api/auth/login", new { email = "owner@example.org", password = Password })).Status);
        Assert.Equal(403, (await PostAsync(http, "/api/auth/passkey/login-finish", new { credential = new { }, challenge_id = "x" })).Status);
        var (_, providers) = await GetAsync(http, "/api/auth/providers");
        Assert.Equal("custom_oidc", providers.GetProperty("mode").GetString());
        Assert.False(providers.GetProperty("local_password_auth_allowed").GetBoolean());

        await using var hybrid = await FederationServer.StartAsync("hybrid_migration");
        using var owner = await hybrid.Server.SignInAsync("owner@example.org");
        Assert.Equal(200, (await GetAsync(owner, "/api/auth/me")).Status);
    }

    [Fact]
    public async Task The_first_user_of_all_is_not_made_by_a_provider_without_a_rule()
    {
        var time = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var provider = await OidcDouble.StartAsync(time);
        await using var server = await StartAsync(time, ("IDENTITY_PROVIDER_MODE", "custom_oidc"), ("OIDC_ISSUER", provider.Issuer), ("OIDC_AUDIENCE", OidcDouble.ClientId));
        using var http = server.Anonymous();

        var (status, problem) = await PostAsync(http, "/api/auth/exchange", new { provider_token = provider.Token() });

        Assert.Equal((403, "AG6406"), (status, CodeOf(problem)));
    }

    private static async Task<JsonElement> ExchangeAsync(FederationServer both)
    {
        using var http = both.Server.Anonymous();
        var (status, result) = await PostAsync(http, "/api/auth/exchange", new { provider_token = both.Provider.Token() });
        Assert.True(status == 200, $"{status}: {result}");
        return result;
    }

    private static string Change(string token)
    {
        var parts = token.Split('.');
        var claims = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]))!;
        claims["sub"] = JsonSerializer.SerializeToElement("somebody-else");
        return $"{parts[0]}.{System.Buffers.Text.Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims))}.{parts[2]}";
    }
}
