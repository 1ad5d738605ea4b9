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

        var (status, _, after) = await admin.AskAsync("PUT", Route, """{"settings":{"organization_name":" Ada & Co ","data_retention_days":7,"enforce_scoped_reads":true}}""");
        Assert.Equal(200, status);
        Assert.Equal(("Ada & Co", 7), (Value(after!.AsArray(), "organization_name")!.GetValue<string>(), Value(after.AsArray(), "data_retention_days")!.GetValue<int>()));
        Assert.Equal(after.ToJsonString(), (await admin.AskAsync("GET", Route)).Body!.ToJsonString());
        Assert.False(after.AsArray().Single(one => one!["key"]!.GetValue<string>() == "data_retention_days")!["in_force"]!.GetValue<bool>());

        // What was said again as it was is no change.
        Assert.Equal(["data_retention_days", "organization_name"], (await _server.ActsAsync()).Where(act => act.Action == "settings.changed").Select(act => act.Detail).Order());

        var (_, stranger) = await _server.PersonAsync(Roles.Admin, "elsewhere");
        Assert.Equal(before.ToJsonString(), (await stranger.AskAsync("GET", Route)).Body!.ToJsonString());
    }

    [Theory]
    [InlineData("""{"settings":{"unheard_of":1}}""", Codes.SettingUnknown)]
    [InlineData("""{"settings":{"data_retention_days":0}}""", Codes.SettingInvalid)]
    [InlineData("""{"settings":{"data_retention_days":3651}}""", Codes.SettingInvalid)]
    [InlineData("""{"settings":{"data_retention_days":"30"}}""", Codes.SettingInvalid)]
    [InlineData("""{"settings":{"data_retention_days":1.5}}""", Codes.SettingInvalid)]
    [InlineData("""{"settings":{"enable_threat_detection":"no"}}""", Codes.SettingInvalid)]
    [InlineData("""{"settings":{"support_email":"nobody"}}""", Codes.SettingInvalid)]
    [InlineData("""{"settings":{"pii_unknown_token_policy":"FAIL_CLOSED"}}""", Codes.SettingInvalid)]
    [InlineData("""{"settings":{"organization_name":""}}""", Codes.SettingInvalid)]
    [InlineData("""{"settings":null}""", Codes.SettingInvalid)]
    [InlineData("""{"data_retention_days":7}""", Codes.SettingInvalid)]
    public async Task What_a_setting_cannot_be_is_refused_and_nothing_of_the_rest_is_stored(string body, string code)
    {
        var (_, admin) = await _server.PersonAsync(Roles.Admin);
        var before = (await admin.AskAsync("GET", Route)).Body!.ToJsonString();
        var (status, refused, _) = await admin.AskAsync("PUT", Route, body.Replace("{\"settings\":{", "{\"settings\":{\"audit_retention_days\":9,", StringComparison.Ordinal));
        Assert.Equal((400, code), (status, refused));
        Assert.Equal(before, (await admin.AskAsync("GET", Route)).Body!.ToJsonString());
    }

    private static System.Text.Json.Nodes.JsonNode? Value(System.Text.Json.Nodes.JsonArray settings, string key)
        => settings.Single(one => one!["key"]!.GetValue<string>() == key)!["value"];
}
