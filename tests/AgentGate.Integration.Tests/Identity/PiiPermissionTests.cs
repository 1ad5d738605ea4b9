using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Pipeline;
using AgentGate.Server.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Identity;

/// <summary>What users are given by name about personal data.</summary>
public sealed class PiiPermissionTests : IAsyncLifetime
{
    private const string Route = "/api/pii/permissions";

    private GatewayServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await GatewayServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_permission_is_a_scope_of_its_user_until_it_is_taken_back()
    {
        var (_, admin) = await _server.PersonAsync(Roles.Admin);
        var user = await _server.UserAsync(Roles.Developer);
        var (session, _) = await _server.SignInAsync(user);
        Assert.DoesNotContain(Scopes.PiiRetrieve, await ScopesAsync(session));

        var (status, _, made) = await admin.AskAsync("POST", Route, $$"""{"user_id":"{{user.Id}}","permission":"pii:retrieve","reason":"support"}""");
        Assert.Equal(201, status);
        Assert.Equal(201, (await admin.AskAsync("POST", Route, $$"""{"user_id":"{{user.Id}}","permission":"config:view"}""")).Status);
        Assert.Contains(Scopes.PiiRetrieve, await ScopesAsync(session));
        Assert.Contains(Scopes.PiiConfigView, await ScopesAsync(session));
        Assert.Equal((400, Codes.PiiPermissionHeld), Head(await admin.AskAsync("POST", Route, $$"""{"user_id":"{{user.Id}}","permission":"pii:retrieve"}""")));
        Assert.Equal(2, (await admin.AskAsync("GET", $"{Route}?user_id={user.Id}")).Body!["permissions"]!.AsArray().Count);

        Assert.Equal(204, (await admin.AskAsync("DELETE", $"{Route}/{made!["id"]!.GetValue<string>()}")).Status);
        Assert.DoesNotContain(Scopes.PiiRetrieve, await ScopesAsync(session));
        Assert.Contains(await _server.ActsAsync(), act => act.Action == "pii.permission-revoked");
    }

    [Fact]
    public async Task A_permission_that_has_expired_is_none()
    {
        var (admin, http) = await _server.PersonAsync(Roles.Admin);
        var user = await _server.UserAsync(Roles.Developer);
        var (session, _) = await _server.SignInAsync(user);
        var store = _server.App.Services.GetRequiredService<IPiiPermissionStore>();
        var now = TimeProvider.System.GetUtcNow();
        var expired = new PiiPermission
        {
            Id = "pp_1", Tenant = "default", UserId = user.Id, Permission = "pii:store", GrantedBy = admin.Id, GrantedAt = now.AddHours(-2), ExpiresAt = now.AddHours(-1),
        };
        Assert.True(await store.AddAsync(expired, now.AddHours(-2), default));

        Assert.DoesNotContain(Scopes.PiiStore, await ScopesAsync(session));
        Assert.Empty((await http.AskAsync("GET", $"{Route}?user_id={user.Id}")).Body!["permissions"]!.AsArray());
        var until = now.AddHours(1).ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(201, (await http.AskAsync("POST", Route, $$"""{"user_id":"{{user.Id}}","permission":"pii:store","expires_at":"{{until}}"}""")).Status);
        Assert.Contains(Scopes.PiiStore, await ScopesAsync(session));
    }

    [Fact]
    public async Task Nobody_gives_what_they_have_not_or_gives_to_oneself()
    {
        var (security, http) = await _server.PersonAsync(Roles.SecurityAdmin);
        var (self, admin) = await _server.PersonAsync(Roles.Admin);
        var user = await _server.UserAsync(Roles.Viewer);
        var (theirs, _) = await _server.PersonAsync(Roles.Viewer, "elsewhere");
        Assert.Equal((403, Codes.GivesBeyondOwn), Head(await http.AskAsync("POST", Route, $$"""{"user_id":"{{user.Id}}","permission":"pii:store"}""")));
        Assert.Equal((409, Codes.NotOneself), Head(await http.AskAsync("POST", Route, $$"""{"user_id":"{{security.Id}}","permission":"pii:store"}""")));
        Assert.Equal((409, Codes.NotOneself), Head(await admin.AskAsync("POST", Route, $$"""{"user_id":"{{self.Id}}","permission":"pii:store"}""")));
        Assert.Equal((404, Codes.UserNotFound), Head(await admin.AskAsync("POST", Route, $$"""{"user_id":"{{theirs.Id}}","permission":"pii:store"}""")));
        Assert.Equal((404, Codes.UserNotFound), Head(await admin.AskAsync("GET", $"{Route}?user_id={theirs.Id}")));
        Assert.Equal((404, Codes.PiiPermissionNotFound), Head(await admin.AskAsync("DELETE", $"{Route}/pp_unknown")));
        Assert.Equal((400, Codes.PiiPermissionInvalid), Head(await admin.AskAsync("POST", Route, $$"""{"user_id":"{{user.Id}}","permission":"pii:everything"}""")));
        Assert.Equal((400, Codes.PiiPermissionInvalid), Head(await admin.AskAsync("POST", Route, $$"""{"user_id":"{{user.Id}}","permission":"pii:store","expires_at":"2001-01-01T00:00:00Z"}""")));
        Assert.Equal((400, Codes.PiiPermissionInvalid), Head(await admin.AskAsync("GET", Route)));
    }

    [Fact]
    public async Task A_permission_that_ends_is_passed_on_for_no_longer()
    {
        var (giver, http) = await _server.PersonAsync(Roles.SecurityAdmin);
        var user = await _server.UserAsync(Roles.Viewer);
        var now = TimeProvider.System.GetUtcNow();
        Assert.True(await _server.App.Services.GetRequiredService<IPiiPermissionStore>().AddAsync(
            new PiiPermission { Id = "pp_giver", Tenant = "default", UserId = giver.Id, Permission = "pii:store", GrantedBy = "user_x", GrantedAt = now, ExpiresAt = now.AddHours(1) }, now, default));
        string Draft(double? hours) => hours is { } left
            ? $$"""{"user_id":"{{user.Id}}","permission":"pii:store","expires_at":"{{now.AddHours(left).ToString("O", System.Globalization.CultureInfo.InvariantCulture)}}"}"""
            : $$"""{"user_id":"{{user.Id}}","permission":"pii:store"}""";

        Assert.Equal((403, Codes.GivesBeyondOwn), Head(await http.AskAsync("POST", Route, Draft(null))));
        Assert.Equal((403, Codes.GivesBeyondOwn), Head(await http.AskAsync("POST", Route, Draft(2))));
        Assert.Equal(201, (await http.AskAsync("POST", Route, Draft(0.5))).Status);
    }

    [Fact]
    public async Task The_twelve_published_names_are_listed_for_anybody()
    {
        var (_, viewer) = await _server.PersonAsync(Roles.Viewer);
        Assert.Equal(12, (await viewer.AskAsync("GET", Route + "/available")).Body!["permissions"]!.AsArray().Count);
        Assert.All(PiiPermissionValues.All.Select(PiiPermissionValues.ScopeOf), scope => Assert.True(Scopes.All.Contains(scope), scope));
        Assert.Equal(Scopes.PersonalData, PiiPermissionValues.All.Select(PiiPermissionValues.ScopeOf));
    }

    private async Task<IEnumerable<string>> ScopesAsync(SignInSession session)
        => (await _server.App.Services.GetRequiredService<SignIns>().FindAsync(session.Id, default))!.ToCaller(Server.Access.CallerKind.Token).Principal.Scopes;

    private static (int, string) Head((int Status, string Code, System.Text.Json.Nodes.JsonNode? Body) answer) => (answer.Status, answer.Code);
}
