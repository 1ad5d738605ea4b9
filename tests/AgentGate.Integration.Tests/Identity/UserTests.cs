using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Server.Identity.Users;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Identity;

/// <summary>The administration of users: who may change what about whom, and what ends with it.</summary>
public sealed class UserTests : IAsyncLifetime
{
    private GatewayServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await GatewayServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task An_admin_makes_finds_changes_and_deactivates_a_user()
    {
        var (_, admin) = await _server.PersonAsync(Roles.Admin);
        var (status, _, made) = await admin.AskAsync("POST", "/api/users", """{"email":" Ada@Example.org ","name":"Ada","role":"operator","password":"a quiet harbour at dusk"}""");
        Assert.Equal(201, status);
        var id = made!["id"]!.GetValue<string>();
        Assert.Equal(("Ada@Example.org", "approver", true), (made["email"]!.GetValue<string>(), made["role"]!.GetValue<string>(), made["must_change_password"]!.GetValue<bool>()));
        Assert.DoesNotContain("password_hash", made.ToJsonString(), StringComparison.Ordinal);

        Assert.Equal(200, (await admin.AskAsync("GET", $"/api/users/{id}")).Status);
        Assert.Equal("auditor", (await admin.AskAsync("PATCH", $"/api/users/{id}", """{"role":"auditor","name":"Ada L."}""")).Body!["role"]!.GetValue<string>());
        Assert.Equal(200, (await admin.AskAsync("DELETE", $"/api/users/{id}")).Status);
        Assert.False((await admin.AskAsync("GET", $"/api/users/{id}")).Body!["is_active"]!.GetValue<bool>());

        var acts = (await _server.ActsAsync()).Select(act => act.Action).ToList();
        Assert.All((string[])["user.created", "user.role-changed", "user.profile-changed", "user.deactivated"], act => Assert.Contains(act, acts));
        Assert.DoesNotContain(await _server.ActsAsync(), act => act.Detail?.Contains("Ada", StringComparison.OrdinalIgnoreCase) is true);
    }

    [Theory]
    [InlineData("""{"email":"nobody","name":"x","role":"viewer"}""", 422, "email")]
    [InlineData("""{"email":"a@b.c","name":" ","role":"viewer"}""", 422, "name")]
    [InlineData("""{"email":"a@b.c","name":"x","role":"Admin"}""", 422, "role")]
    [InlineData("""{"email":"a@b.c","name":"x","role":"root"}""", 422, "role")]
    [InlineData("""{"email":"a@b.c","name":"x","role":"viewer","tenant":"elsewhere"}""", 400, "body")]
    [InlineData("""{"email":"a@b.c","name":null,"role":"viewer"}""", 400, "name")]
    public async Task What_cannot_be_a_user_is_refused_by_the_name_of_its_field(string body, int expected, string field)
    {
        var (_, admin) = await _server.PersonAsync(Roles.Admin);
        var (status, code, problem) = await admin.AskAsync("POST", "/api/users", body);
        Assert.Equal((expected, Codes.UserInvalid, field), (status, code, problem!["field"]!.GetValue<string>()));
    }

    [Fact]
    public async Task How_many_addresses_of_other_tenants_one_meets_is_bounded_and_on_record()
    {
        var (_, admin) = await _server.PersonAsync(Roles.Admin);
        var own = await _server.UserAsync(Roles.Viewer);
        var foreign = new List<User>();
        for (var i = 0; i <= AddressConflicts.PerDay; i++)
        {
            foreign.Add(await _server.UserAsync(Roles.Viewer, tenant: "elsewhere"));
        }

        Task<(int Status, string Code, System.Text.Json.Nodes.JsonNode? Body)> MakeAsync(string email)
            => admin.AskAsync("POST", "/api/users", $$"""{"email":"{{email}}","name":"x","role":"viewer"}""");

        // One's own are listed anyway, and count for nothing.
        var (_, _, taken) = await MakeAsync(own.Email);
        foreach (var user in foreign.Take(AddressConflicts.PerDay - 1))
        {
            var (status, code, problem) = await MakeAsync(user.Email);
            Assert.Equal((409, Codes.UserEmailTaken, Words(taken)), (status, code, Words(problem)));
        }

        Assert.Equal((409, Codes.UserEmailTaken), Head(await admin.AskAsync("PATCH", $"/api/users/{own.Id}", $$"""{"email":"{{foreign[^2].Email}}"}""")));
        Assert.Equal((429, Codes.AddressesLimited), Head(await MakeAsync(foreign[^1].Email)));
        Assert.Equal((429, Codes.AddressesLimited), Head(await MakeAsync("free-or-not@example.org")));
        var refused = (await _server.ActsAsync()).Where(act => act.Code is Codes.UserEmailTaken or Codes.AddressesLimited).ToList();
        Assert.Equal(AddressConflicts.PerDay + 3, refused.Count);

        static string Words(System.Text.Json.Nodes.JsonNode? problem) => $"{problem!["title"]} {problem["detail"]} {problem["field"]}";

        // Another tenant is not held up by it.
        var (_, stranger) = await _server.PersonAsync(Roles.Admin, "third");
        Assert.Equal(201, (await stranger.AskAsync("POST", "/api/users", """{"email":"third@example.org","name":"x","role":"viewer"}""")).Status);
    }

    [Fact]
    public async Task A_password_that_an_admin_sets_is_as_good_as_any()
    {
        var (_, admin) = await _server.PersonAsync(Roles.Admin);
        var user = await _server.UserAsync(Roles.Viewer);
        Assert.Equal((400, Codes.PasswordRefused), Head(await admin.AskAsync("POST", "/api/users", """{"email":"a@b.c","name":"x","role":"viewer","password":"short"}""")));
        Assert.Equal((400, Codes.PasswordRefused), Head(await admin.AskAsync("PATCH", $"/api/users/{user.Id}", """{"password":"short"}""")));
        Assert.Null((await _server.Directory().FindAsync(user.Id, default))!.PasswordHash);
    }

    [Fact]
    public async Task An_address_is_one_users_over_all_tenants()
    {
        var (_, admin) = await _server.PersonAsync(Roles.Admin);
        var (_, stranger) = await _server.PersonAsync(Roles.Admin, "elsewhere");
        Assert.Equal(201, (await admin.AskAsync("POST", "/api/users", """{"email":"one@example.org","name":"One","role":"viewer"}""")).Status);
        Assert.Equal((409, Codes.UserEmailTaken), Head(await admin.AskAsync("POST", "/api/users", """{"email":"ONE@example.org","name":"Two","role":"viewer"}""")));
        Assert.Equal((409, Codes.UserEmailTaken), Head(await stranger.AskAsync("POST", "/api/users", """{"email":"one@example.org","name":"Two","role":"viewer"}""")));
        var (other, _) = await _server.PersonAsync(Roles.Viewer);
        Assert.Equal((409, Codes.UserEmailTaken), Head(await admin.AskAsync("PATCH", $"/api/users/{other.Id}", """{"email":"one@example.org"}""")));
    }

    [Fact]
    public async Task Nobody_raises_oneself_or_gives_a_role_that_may_do_more()
    {
        var (self, security) = await _server.PersonAsync(Roles.SecurityAdmin);
        var (auditor, _) = await _server.PersonAsync(Roles.Auditor);
        var (developer, _) = await _server.PersonAsync(Roles.Developer);
        Assert.Equal((403, Codes.GivesBeyondOwn), Head(await security.AskAsync("PATCH", $"/api/users/{self.Id}", """{"role":"admin"}""")));
        Assert.Equal((403, Codes.GivesBeyondOwn), Head(await security.AskAsync("PATCH", $"/api/users/{auditor.Id}", """{"role":"admin"}""")));
        Assert.Equal((403, Codes.GivesBeyondOwn), Head(await security.AskAsync("PATCH", $"/api/users/{auditor.Id}", """{"role":"developer"}""")));
        Assert.Equal(200, (await security.AskAsync("PATCH", $"/api/users/{auditor.Id}", """{"role":"approver"}""")).Status);

        // Nor does one become somebody who may do other things, by a password or an address of one's choice.
        Assert.Equal((403, Codes.GivesBeyondOwn), Head(await security.AskAsync("PATCH", $"/api/users/{developer.Id}", """{"password":"a quiet harbour at dusk"}""")));
        Assert.Equal((403, Codes.GivesBeyondOwn), Head(await security.AskAsync("PATCH", $"/api/users/{developer.Id}", """{"email":"mine@example.org"}""")));
        Assert.Equal(200, (await security.AskAsync("PATCH", $"/api/users/{developer.Id}", """{"is_active":false}""")).Status);
        Assert.Equal((403, Codes.GivesBeyondOwn), Head(await security.AskAsync("PATCH", $"/api/users/{developer.Id}", """{"is_active":true}""")));
        Assert.Contains(await _server.ActsAsync(), act => act is { Action: "user.changed", Code: Codes.GivesBeyondOwn });
    }

    [Fact]
    public async Task Nobody_becomes_who_was_given_more_by_name()
    {
        var (_, security) = await _server.PersonAsync(Roles.SecurityAdmin);
        var auditor = await _server.UserAsync(Roles.Auditor);
        var now = TimeProvider.System.GetUtcNow();
        Assert.True(await ((IPiiPermissionStore)_server.App.Services.GetService(typeof(IPiiPermissionStore))!).AddAsync(
            new PiiPermission { Id = "pp_auditor", Tenant = "default", UserId = auditor.Id, Permission = "pii:retrieve", GrantedBy = "user_x", GrantedAt = now }, now, default));

        Assert.Equal((403, Codes.GivesBeyondOwn), Head(await security.AskAsync("PATCH", $"/api/users/{auditor.Id}", """{"password":"a quiet harbour at dusk"}""")));
        Assert.Equal((403, Codes.GivesBeyondOwn), Head(await security.AskAsync("PATCH", $"/api/users/{auditor.Id}", """{"email":"mine@example.org"}""")));
        Assert.Equal(200, (await security.AskAsync("PATCH", $"/api/users/{auditor.Id}", """{"name":"Auditor"}""")).Status);
    }

    [Theory]
    [InlineData("""{"role":"viewer"}""")]
    [InlineData("""{"role":"security_admin"}""")]
    [InlineData("""{"password":"a quiet harbour at dusk"}""")]
    [InlineData("""{"is_active":false}""")]
    [InlineData("""{"email":"mine@example.org"}""")]
    [InlineData("""{"name":"Nobody"}""")]
    public async Task A_security_admin_touches_no_admins_account(string change)
    {
        await _server.PersonAsync(Roles.Admin);
        var (admin, _) = await _server.PersonAsync(Roles.Admin);
        var (_, security) = await _server.PersonAsync(Roles.SecurityAdmin);
        Assert.Equal((403, Codes.GivesBeyondOwn), Head(await security.AskAsync("PATCH", $"/api/users/{admin.Id}", change)));
        Assert.Equal(admin with { Version = 0 }, (await _server.Directory().FindAsync(admin.Id, default))! with { Version = 0, CreatedAt = admin.CreatedAt, TotpSecret = admin.TotpSecret, BackupCodes = admin.BackupCodes });
    }

    [Fact]
    public async Task The_last_admin_stays_one()
    {
        var (one, http) = await _server.PersonAsync(Roles.Admin);
        Assert.Equal((409, Codes.LastAdmin), Head(await http.AskAsync("PATCH", $"/api/users/{one.Id}", """{"role":"viewer"}""")));
        Assert.Equal((409, Codes.NotOneself), Head(await http.AskAsync("DELETE", $"/api/users/{one.Id}")));
        Assert.Equal((409, Codes.NotOneself), Head(await http.AskAsync("PATCH", $"/api/users/{one.Id}", """{"password":"a quiet harbour at dusk"}""")));

        // Two that remove each other at once: one stays.
        var (two, other) = await _server.PersonAsync(Roles.Admin);
        var answers = await Task.WhenAll(http.AskAsync("DELETE", $"/api/users/{two.Id}"), other.AskAsync("DELETE", $"/api/users/{one.Id}"));
        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Single(await _server.Directory().ListAsync("default", default), user => user is { Role: Roles.Admin, IsActive: true, Source: UserSources.Local });
    }

    [Theory]
    [InlineData("""{"role":"viewer"}""", SignInEndings.RoleChanged)]
    [InlineData("""{"password":"a quiet harbour at dusk"}""", SignInEndings.PasswordChanged)]
    [InlineData("""{"is_active":false}""", SignInEndings.Disabled)]
    public async Task What_a_user_signed_in_as_ends_with_it(string change, string why)
    {
        var (_, admin) = await _server.PersonAsync(Roles.Admin);
        var user = await _server.UserAsync(Roles.Developer);
        var (session, token) = await _server.SignInAsync(user);
        using var http = _server.Client(token);
        Assert.Equal(200, (await http.AskAsync("GET", "/api/users")).Status);

        Assert.Equal(200, (await admin.AskAsync("PATCH", $"/api/users/{user.Id}", change)).Status);
        Assert.Equal((401, Codes.KeyInvalid), Head(await http.AskAsync("GET", "/api/users")));
        Assert.Equal(why, (await _server.App.Services.GetRequiredService<ISignInSessionStore>().FindAsync(session.Id, default))!.RevokedFor);
    }

    [Fact]
    public async Task Users_of_another_tenant_are_as_unknown_as_none()
    {
        var (_, admin) = await _server.PersonAsync(Roles.Admin);
        var (theirs, stranger) = await _server.PersonAsync(Roles.Admin, "elsewhere");
        foreach (var id in (string[])[theirs.Id, "user_" + Guid.NewGuid().ToString("n")])
        {
            Assert.Equal((404, Codes.UserNotFound), Head(await admin.AskAsync("GET", $"/api/users/{id}")));
            Assert.Equal((404, Codes.UserNotFound), Head(await admin.AskAsync("PATCH", $"/api/users/{id}", """{"name":"x"}""")));
            Assert.Equal((404, Codes.UserNotFound), Head(await admin.AskAsync("DELETE", $"/api/users/{id}")));
        }

        Assert.Equal([theirs.Id], (await stranger.AskAsync("GET", "/api/users")).Body!["users"]!.AsArray().Select(user => user!["id"]!.GetValue<string>()));
    }

    [Fact]
    public async Task The_list_is_filtered_sorted_and_given_in_parts()
    {
        var (_, admin) = await _server.PersonAsync(Roles.Admin);
        foreach (var name in (string[])["Carol", "alice", "Bob"])
        {
            await _server.UserAsync(Roles.Viewer, change: user => user with { Name = name, IsActive = name != "Bob" });
        }

        Assert.Equal(["alice", "Bob", "Carol"], await NamesAsync("role=viewer&sort=name"));
        Assert.Equal(["Carol", "Bob"], await NamesAsync("role=viewer&sort=-name&limit=2"));
        Assert.Equal(["Carol"], await NamesAsync("role=viewer&sort=name&offset=2"));
        Assert.Equal(["Bob"], await NamesAsync("role=viewer&is_active=false"));
        Assert.Equal(["Carol"], await NamesAsync("search=aro"));
        foreach (var wrong in (string[])["limit=0", "limit=501", "offset=-1", "role=root", "is_active=maybe", "sort=password_hash", "search=" + new string('x', 101)])
        {
            Assert.Equal((400, Codes.UserInvalid), Head(await admin.AskAsync("GET", "/api/users?" + wrong)));
        }

        async Task<string[]> NamesAsync(string query)
            => [.. (await admin.AskAsync("GET", "/api/users?" + query)).Body!["users"]!.AsArray().Select(user => user!["name"]!.GetValue<string>())];
    }

    [Fact]
    public async Task Dangerous_changes_want_a_fresh_proof_and_no_key_gives_one()
    {
        var admin = await _server.UserAsync(Roles.Admin);
        var user = await _server.UserAsync(Roles.Viewer);
        using var stale = _server.Client((await _server.SignInAsync(admin, age: TimeSpan.FromMinutes(11))).Token);
        using var key = _server.Client(await _server.CreateKeyAsync("agent_x", [.. Pipeline.Scopes.All]));
        foreach (var (method, path, body) in ((string, string, string?)[])
            [("POST", "/api/users", """{"email":"a@b.c","name":"x","role":"viewer"}"""), ("PATCH", $"/api/users/{user.Id}", """{"name":"x"}"""), ("DELETE", $"/api/users/{user.Id}", null)])
        {
            Assert.Equal((401, Codes.StepUpNeeded), Head(await stale.AskAsync(method, path, body)));
            Assert.Equal((403, Codes.UserNeeded), Head(await key.AskAsync(method, path, body)));
        }
    }

    private static (int, string) Head((int Status, string Code, System.Text.Json.Nodes.JsonNode? Body) answer) => (answer.Status, answer.Code);
}
