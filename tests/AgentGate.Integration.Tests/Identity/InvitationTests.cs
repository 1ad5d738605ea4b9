using System.Text.Json.Nodes;
using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Server.Identity;

namespace AgentGate.Integration.Tests.Identity;

/// <summary>Registration: by invitation, or as a viewer where it is allowed; never as an admin.</summary>
public sealed class InvitationTests
{
    [Fact]
    public async Task An_invitation_makes_one_user_of_its_role()
    {
        await using var server = await SignInServer.StartAsync();
        var admin = await server.TokenAsync();
        var (status, made) = await InviteAsync(server, admin, "developer", "new@example.org");
        Assert.Equal(201, status);
        var secret = made["invitation"]!.GetValue<string>();
        var (_, list) = await server.SendAsync(HttpMethod.Get, "/api/invitations", token: admin);
        Assert.Equal(made["id"]!.GetValue<string>(), Assert.Single(list["invitations"]!.AsArray())!["id"]!.GetValue<string>());
        Assert.DoesNotContain(secret, list.ToJsonString(), StringComparison.Ordinal);

        Assert.Equal((400, Codes.InvitationInvalid), await CodeAsync(RegisterAsync(server, "other@example.org", secret)));
        Assert.Equal((400, Codes.PasswordRefused), await CodeAsync(RegisterAsync(server, "new@example.org", secret, "password12345")));
        Assert.Equal((400, Codes.AccountRequestInvalid), await CodeAsync(server.PostAsync(
            "/api/auth/register", new JsonObject { ["email"] = "new@example.org", ["password"] = SignInServer.Password, ["invitation"] = secret, ["role"] = "admin" })));
        var results = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => RegisterAsync(server, "New@example.org", secret)));
        var (_, user) = Assert.Single(results, result => result.Status == 201);
        Assert.Equal("developer", user["role"]!.GetValue<string>());
        Assert.Equal((400, Codes.InvitationInvalid), await CodeAsync(RegisterAsync(server, "new@example.org", secret)));
        Assert.Equal(200, (await server.LoginAsync("new@example.org")).Status);
    }

    [Fact]
    public async Task Nobody_invites_beyond_its_own_role_and_nobody_to_be_an_admin()
    {
        await using var server = await SignInServer.StartAsync();
        await server.UserAsync("viewer@example.org", Roles.Viewer);
        var key = await server.Gateway.CreateKeyAsync("inviter", "user:create");

        Assert.Equal((403, Codes.RoleBeyondOwn), await CodeAsync(InviteAsync(server, await server.TokenAsync(), "admin")));
        Assert.Equal((403, Codes.UserNeeded), await CodeAsync(InviteAsync(server, key, "viewer")));
        Assert.Equal((403, Codes.KeyScopeMissing), await CodeAsync(InviteAsync(server, await server.TokenAsync("viewer@example.org"), "viewer")));
        Assert.Equal((400, Codes.AccountRequestInvalid), await CodeAsync(InviteAsync(server, await server.TokenAsync(), "emperor")));
    }

    [Fact]
    public async Task An_invitation_ends_when_it_is_withdrawn_and_with_the_right_of_who_gave_it()
    {
        await using var server = await SignInServer.StartAsync();
        await server.UserAsync("second@example.org", Roles.Admin);
        var (first, second) = (await server.TokenAsync(), await server.TokenAsync("second@example.org"));
        var (_, withdrawn) = await InviteAsync(server, first, "viewer");
        var (_, demoted) = await InviteAsync(server, second, "viewer");

        Assert.Equal(204, (await server.SendAsync(HttpMethod.Delete, "/api/invitations/" + withdrawn["id"]!.GetValue<string>(), token: first)).Status);
        Assert.Equal(404, (await server.SendAsync(HttpMethod.Delete, "/api/invitations/" + withdrawn["id"]!.GetValue<string>(), token: first)).Status);
        await server.ChangeAsync("second@example.org", user => user with { Role = Roles.Viewer });

        Assert.Equal((400, Codes.InvitationInvalid), await CodeAsync(RegisterAsync(server, "a@example.org", withdrawn["invitation"]!.GetValue<string>())));
        Assert.Equal((400, Codes.InvitationInvalid), await CodeAsync(RegisterAsync(server, "b@example.org", demoted["invitation"]!.GetValue<string>())));
    }

    [Fact]
    public async Task An_invitation_is_its_tenants()
    {
        await using var server = await SignInServer.StartAsync();
        await server.UserAsync("foreign@example.org", Roles.Admin, tenant: "other");
        var (_, made) = await InviteAsync(server, await server.TokenAsync("foreign@example.org"), "viewer");
        var admin = await server.TokenAsync();

        Assert.Empty((await server.SendAsync(HttpMethod.Get, "/api/invitations", token: admin)).Body["invitations"]!.AsArray());
        Assert.Equal(404, (await server.SendAsync(HttpMethod.Delete, "/api/invitations/" + made["id"]!.GetValue<string>(), token: admin)).Status);
        var (_, user) = await RegisterAsync(server, "there@example.org", made["invitation"]!.GetValue<string>());
        Assert.Equal("other", (await server.Get<IUserDirectory>().FindAsync(user["id"]!.GetValue<string>(), CancellationToken.None))!.Tenant);
    }

    [Fact]
    public async Task Without_an_invitation_registration_is_closed_unless_allowed_and_then_makes_viewers()
    {
        await using (var closed = await SignInServer.StartAsync())
        {
            Assert.Equal((403, Codes.RegistrationClosed), await CodeAsync(RegisterAsync(closed, "a@example.org")));
        }

        await using var open = await SignInServer.StartAsync(new Dictionary<string, string?> { ["AgentGate:SignIn:AllowRegistration"] = "true" });
        Assert.Equal((400, Codes.CaptchaNeeded), await CodeAsync(RegisterAsync(open, "a@example.org")));
        var (status, first) = await RegisterAsync(open, "a@example.org", captcha: await open.CaptchaAsync());
        Assert.Equal((202, "accepted"), (status, first["status"]!.GetValue<string>()));
        Assert.Equal(Roles.Viewer, (await open.LoginAsync("a@example.org")).Body["user"]!["role"]!.GetValue<string>());
    }

    [Fact]
    public async Task Whoever_registers_without_an_invitation_does_not_learn_who_is_there()
    {
        await using var server = await SignInServer.StartAsync(new Dictionary<string, string?> { ["AgentGate:SignIn:AllowRegistration"] = "true" });
        await server.UserAsync("foreign@example.org", Roles.Viewer, tenant: "other");
        var queue = server.Get<PasswordQueue>();
        var answers = new List<(int Status, string Body, long Hashes)>();
        foreach (var email in (string[])["nobody@example.org", SignInServer.Email, "Foreign@example.org", "nobody@example.org"])
        {
            var (captcha, hashed) = (await server.CaptchaAsync(), queue.Hashed);
            var (status, body) = await RegisterAsync(server, email, password: "a quiet harbour at dusk", captcha: captcha);
            answers.Add((status, body.ToJsonString(), queue.Hashed - hashed));
        }

        // One answer, and one hash each; the log of record knows which of them came to nothing.
        Assert.Equal((202, 1), Assert.Single(answers.Select(answer => (answer.Status, answer.Hashes)).Distinct()));
        Assert.Single(answers.Select(answer => answer.Body).Distinct());
        Assert.Equal(3, (await server.LogAsync("default")).Count(entry => entry is { Action: "user.registered", Code: Codes.EmailTaken }));
        Assert.Equal(200, (await server.LoginAsync()).Status);
        Assert.Null((await server.Get<IUserDirectory>().FindByEmailAsync("nobody@example.org", default))!.AddressProof);
    }

    [Fact]
    public async Task An_invitation_tells_of_one_address_at_most_and_vouches_for_the_one_it_names()
    {
        await using var server = await SignInServer.StartAsync();
        var admin = await server.TokenAsync();
        await server.UserAsync("foreign@example.org", Roles.Viewer, tenant: "other");
        var open = (await InviteAsync(server, admin, "viewer")).Body["invitation"]!.GetValue<string>();
        Assert.Equal((409, Codes.EmailTaken), await CodeAsync(RegisterAsync(server, "foreign@example.org", open)));
        Assert.Equal((400, Codes.InvitationInvalid), await CodeAsync(RegisterAsync(server, "free@example.org", open)));

        var users = server.Get<IUserDirectory>();
        var named = (await InviteAsync(server, admin, "viewer", "named@example.org")).Body["invitation"]!.GetValue<string>();
        Assert.Equal(201, (await RegisterAsync(server, "named@example.org", named)).Status);
        Assert.Equal(AddressProofs.Invitation, (await users.FindByEmailAsync("named@example.org", default))!.AddressProof);
        var bearer = (await InviteAsync(server, admin, "viewer")).Body["invitation"]!.GetValue<string>();
        Assert.Equal(201, (await RegisterAsync(server, "bearer@example.org", bearer)).Status);
        Assert.Null((await users.FindByEmailAsync("bearer@example.org", default))!.AddressProof);
    }

    [Fact]
    public async Task Nobody_registers_before_the_first_user_is_made()
    {
        await using var server = await SignInServer.StartAsync(new Dictionary<string, string?> { ["AgentGate:SignIn:AllowRegistration"] = "true" }, setUp: false);

        Assert.Equal((403, Codes.RegistrationClosed), await CodeAsync(RegisterAsync(server, "a@example.org", captcha: await server.CaptchaAsync())));
        Assert.Equal(200, (await server.SetUpAsync()).Status);
    }

    private static Task<(int Status, JsonNode Body)> InviteAsync(SignInServer server, string token, string role, string? email = null)
        => server.PostAsync("/api/invitations", email is null ? new JsonObject { ["role"] = role } : new JsonObject { ["role"] = role, ["email"] = email }, token);

    private static Task<(int Status, JsonNode Body)> RegisterAsync(
        SignInServer server, string email, string? invitation = null, string password = SignInServer.Password, string? captcha = null)
    {
        var body = new JsonObject { ["email"] = email, ["password"] = password };
        foreach (var (name, value) in new[] { ("invitation", invitation), ("captcha_token", captcha) })
        {
            if (value is not null)
            {
                body[name] = value;
            }
        }

        return server.PostAsync("/api/auth/register", body);
    }

    private static async Task<(int Status, string Code)> CodeAsync(Task<(int Status, JsonNode Body)> answer)
    {
        var (status, body) = await answer;
        return (status, body["code"]?.GetValue<string>() ?? body.ToJsonString());
    }
}
