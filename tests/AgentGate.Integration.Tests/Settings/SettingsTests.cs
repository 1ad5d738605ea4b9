using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Integration.Tests.Identity;

namespace AgentGate.Integration.Tests.Settings;

/// <summary>The settings of a tenant.</summary>
public sealed class SettingsTests : IAsyncLifetime
{
    private const string Route = "/api/settings";

    private GatewayServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await GatewayServer.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Settings_are_as_published_until_somebody_changes_them_and_say_whether_anything_obeys_them()
    {
        var (_, admin) = await _server.PersonAsync(Roles.Admin);
        var before = (await admin.AskAsync("GET", Route)).Body!.AsArray();
        Assert.Equal(9, before.Count);
        Assert.Equal("fail_closed", Value(before, "pii_unknown_token_policy")!.GetValue<string>());

        var (status, _, after) = await admin.AskAsync("PUT", Route, """{"settings":{"organization_name":" Ada & Co ","support_email":"help@ada.example","enforce_scoped_reads":true,"data_retention_days":30}}""");
        Assert.Equal(200, status);
        Assert.Equal(
            ("Ada & Co", "help@ada.example"),
            (Value(after!.AsArray(), "organization_name")!.GetValue<string>(), Value(after.AsArray(), "support_email")!.GetValue<string>()));
        Assert.Equal(after.ToJsonString(), (await admin.AskAsync("GET", Route)).Body!.ToJsonString());
        Assert.False(after.AsArray().Single(one => one!["key"]!.GetValue<string>() == "data_retention_days")!["in_force"]!.GetValue<bool>());

        // What was said again as it was is no change.
        Assert.Equal(["organization_name", "support_email"], (await _server.ActsAsync()).Where(act => act.Action == "settings.changed").Select(act => act.Detail).Order());

        var (_, stranger) = await _server.PersonAsync(Roles.Admin, "elsewhere");
        Assert.Equal(before.ToJsonString(), (await stranger.AskAsync("GET", Route)).Body!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"settings":{"unheard_of":1}}""", Codes.SettingUnknown)]
    [InlineData("""{"settings":{"organization_name":"x","data_retention_days":7}}""", Codes.SettingNotObeyed)]
    [InlineData("""{"settings":{"enable_threat_detection":false}}""", Codes.SettingNotObeyed)]
    [InlineData("""{"settings":{"data_retention_days":0}}""", Codes.SettingInvalid)]
    [InlineData("""{"settings":{"data_retention_days":3651}}""", Codes.SettingInvalid)]
    [InlineData("""{"settings":{"data_retention_days":"30"}}""", Codes.SettingInvalid)]
    [InlineData("""{"settings":{"data_retention_days":1.5}}""", Codes.SettingInvalid)]
    [InlineData("""{"settings":{"enable_threat_detection":"no"}}""", Codes.SettingInvalid)]
    [InlineData("""{"settings":{"pii_unknown_token_policy":"FAIL_CLOSED"}}""", Codes.SettingInvalid)]
    [InlineData("""{"settings":{"organization_name":""}}""", Codes.SettingInvalid)]
    [InlineData("""{"settings":null}""", Codes.SettingInvalid)]
    [InlineData("""{"data_retention_days":7}""", Codes.SettingInvalid)]
    public async Task What_a_setting_cannot_be_is_refused_and_nothing_of_the_rest_is_stored(string body, string code)
    {
        var (_, admin) = await _server.PersonAsync(Roles.Admin);
        var before = (await admin.AskAsync("GET", Route)).Body!.ToJsonString();
        var (status, refused, _) = await admin.AskAsync("PUT", Route, body.Replace("{\"settings\":{", "{\"settings\":{\"support_email\":\"changed@example.org\",", StringComparison.Ordinal));
        Assert.Equal((400, code), (status, refused));
        Assert.Equal(before, (await admin.AskAsync("GET", Route)).Body!.ToJsonString());
    }

    [Fact]
    public async Task The_organization_and_its_help_are_shown_to_who_signs_in_and_told_to_who_is_invited()
    {
        await using var server = await GatewayServer.StartAsync();
        var (_, admin) = await server.PersonAsync(Roles.Admin);
        using var nobody = server.Client(null);
        Assert.DoesNotContain("Questions?", await nobody.GetStringAsync("/sign-in"), StringComparison.Ordinal);
        Assert.Equal(404, (await nobody.AskAsync("GET", "/.well-known/security.txt")).Status);
        Assert.Equal(400, (await admin.AskAsync("PUT", Route, """{"settings":{"support_email":"nobody"}}""")).Status);

        // Another tenant names itself, and the pages of all show the operator's.
        var (_, elsewhere) = await server.PersonAsync(Roles.Admin, "elsewhere");
        Assert.Equal(200, (await elsewhere.AskAsync("PUT", Route, """{"settings":{"organization_name":"Elsewhere","support_email":"help@elsewhere.example"}}""")).Status);
        Assert.Equal(200, (await admin.AskAsync("PUT", Route, """{"settings":{"organization_name":"Ada <b>& Co","support_email":"help+gate@ada.example"}}""")).Status);

        foreach (var page in (string[])["/sign-in", "/register"])
        {
            var shown = await nobody.GetStringAsync(page);
            Assert.Contains("Ada &lt;b&gt;&amp; Co", shown, StringComparison.Ordinal);
            Assert.Contains("mailto:help%2Bgate@ada.example", shown, StringComparison.Ordinal);
            Assert.DoesNotContain("elsewhere", shown, StringComparison.OrdinalIgnoreCase);
        }

        Assert.Contains("Contact: mailto:help%2Bgate@ada.example\n", await nobody.GetStringAsync("/.well-known/security.txt"), StringComparison.Ordinal);
        var message = (await admin.AskAsync("POST", "/api/invitations", """{"role":"viewer"}""")).Body!["message"]!.GetValue<string>();
        Assert.StartsWith("You are invited to AgentGate of Ada <b>& Co as viewer.", message, StringComparison.Ordinal);
        Assert.EndsWith("Questions: help+gate@ada.example.", message, StringComparison.Ordinal);
        Assert.Contains("of Elsewhere", (await elsewhere.AskAsync("POST", "/api/invitations", """{"role":"viewer"}""")).Body!["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    private static System.Text.Json.Nodes.JsonNode? Value(System.Text.Json.Nodes.JsonArray settings, string key)
        => settings.Single(one => one!["key"]!.GetValue<string>() == key)!["value"];
}
