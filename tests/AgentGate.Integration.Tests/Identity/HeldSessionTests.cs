using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Keys;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using AgentGate.Server.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Identity;

/// <summary>Sessions that are held to less than their users may do.</summary>
public sealed class HeldSessionTests : IAsyncLifetime
{
    private GatewayServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await GatewayServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task They_make_nothing_that_one_signs_in_with()
    {
        var user = await _server.UserAsync(Roles.Admin);
        var (_, token) = await _server.SignInAsync(user, scopes: [.. Roles.ScopesOf(Roles.Admin)]);
        using var http = _server.Client(token);
        foreach (var (path, body) in ((string, string?)[])
        [
            ("/api/auth/passkey/register-start", null), ("/api/auth/passkey/register-finish", "{}"), ("/api/auth/enable-2fa", null), ("/api/auth/verify-2fa", """{"code":"000000"}"""),
            ("/api/auth/disable-2fa", """{"password":"x"}"""), ("/api/auth/regenerate-backup-codes", """{"password":"x"}"""),
            ("/api/auth/password", """{"current_password":"x","new_password":"a quiet harbour at dusk"}"""), ("/api/auth/api-keys", """{"name":"key"}"""),
            ("/api/auth/device/authorize", """{"user_code":"WDJB-MJHT"}"""),
        ])
        {
            var (status, code, _) = await http.AskAsync("POST", path, body);
            Assert.True((status, code) == (403, Codes.SessionHeldToLess), $"{path}: {status} {code}");
        }
    }

    [Fact]
    public async Task They_have_a_role_only_if_they_have_all_of_its_scopes_and_touch_nobody_who_may_do_more()
    {
        var user = await _server.UserAsync(Roles.Admin);
        var other = await _server.UserAsync(Roles.Admin);
        var (session, token) = await _server.SignInAsync(user, scopes: [Scopes.UserUpdate, Scopes.UserRead]);
        var (whole, _) = await _server.SignInAsync(user);
        using var http = _server.Client(token);

        Assert.Empty(await RolesAsync(session));
        Assert.Equal([Roles.Admin], await RolesAsync(whole));
        foreach (var id in (string[])[user.Id, other.Id])
        {
            var (status, code, _) = await http.AskAsync("PATCH", $"/api/users/{id}", """{"email":"mine@example.org"}""");
            Assert.Equal((403, Codes.GivesBeyondOwn), (status, code));
        }

        Assert.Equal("R4", (await http.AskAsync("GET", "/api/auth/context")).Body!["principal_risk"]!.GetValue<string>());
    }

    [Fact]
    public async Task Who_has_to_change_the_password_lends_keys_nothing()
    {
        var user = await _server.UserAsync(Roles.Developer);
        var owners = _server.App.Services.GetRequiredService<IKeyOwners>();
        Assert.NotNull(await owners.FindAsync(user.Id, default));

        Assert.Equal(UserChange.Done, await _server.Directory().UpdateAsync((await _server.Directory().FindAsync(user.Id, default))! with { MustChangePassword = true }, default));
        Assert.Null(await owners.FindAsync(user.Id, default));
    }

    private async Task<IEnumerable<string>> RolesAsync(SignInSession session)
        => (await _server.App.Services.GetRequiredService<SignIns>().FindAsync(session.Id, default))!.ToCaller(CallerKind.Token).Principal.Roles;
}
