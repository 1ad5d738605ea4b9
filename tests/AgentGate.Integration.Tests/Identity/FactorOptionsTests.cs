using AgentGate.Server.Identity.Federation;
using AgentGate.Server.Identity.Passkeys;

namespace AgentGate.Integration.Tests.Identity;

public sealed class FactorOptionsTests
{
    [Theory]
    [InlineData("Mode", "anything", "Mode")]
    [InlineData("Mode", "hybrid_migration", "needs a provider")]
    [InlineData("Mode", "custom_oidc", "Issuer")]
    [InlineData("CustomOidc:Issuer", "http://id.example.org", "Issuer")]
    [InlineData("CustomOidc:Issuer", "ftp://localhost", "Issuer")]
    [InlineData("CustomOidc:ClientId", "", "ClientId or Audience")]
    [InlineData("CustomOidc:DefaultRole", "admin", "DefaultRole")]
    [InlineData("CustomOidc:DefaultRole", "boss", "DefaultRole")]
    [InlineData("CustomOidc:JwksUrl", "http://id.example.org/keys", "JwksUrl")]
    [InlineData("CustomOidc:Roles:0:Role", "boss", "Roles")]
    [InlineData("CustomOidc:Nothing", "x", "Nothing")]
    public async Task A_setting_that_cannot_be_used_stops_the_start_by_its_name(string key, string value, string named)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal);
        if (key != "Mode")
        {
            settings["AgentGate:Federation:Mode"] = "custom_oidc";
            settings["AgentGate:Federation:CustomOidc:Issuer"] = "https://id.example.org";
            settings["AgentGate:Federation:CustomOidc:ClientId"] = "agentgate";
        }

        settings["AgentGate:Federation:" + key] = value;
        var failure = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using var server = await GatewayServer.StartAsync(settings: settings);
        });

        Assert.Contains(named, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_provider_on_this_machine_may_speak_http_and_nobody_else()
    {
        Assert.True(OidcProviderOptions.IsAddress("http://127.0.0.1:5000"));
        Assert.True(OidcProviderOptions.IsAddress("http://localhost"));
        Assert.True(OidcProviderOptions.IsAddress("https://id.example.org/tenant"));
        Assert.All((string[])["http://id.example.org", "https://user@id.example.org", "https://id.example.org/#x", "file:///etc/passwd", "id.example.org", ""], one => Assert.False(OidcProviderOptions.IsAddress(one)));
    }

    [Fact]
    public void Passkeys_are_for_a_domain_and_its_own_pages()
    {
        Assert.Empty(PasskeyOptions.Faults(new PasskeyOptions()));
        Assert.Empty(PasskeyOptions.Faults(new PasskeyOptions { RpId = "example.org", Origins = { "https://gate.example.org" } }));
        Assert.All(
            (PasskeyOptions[])
            [
                new() { RpId = "https://example.org" }, new() { RpId = "127.0.0.1" }, new() { Origins = { "http://example.org" } }, new() { Origins = { "https://example.org/path" } },
                new() { RpId = "example.org", Origins = { "https://evil.example" } }, new() { RpId = "example.org", Origins = { "https://evilexample.org" } }, new() { PerUserMax = 0 },
                new() { Challenge = TimeSpan.FromHours(1) },
            ],
            options => Assert.NotEmpty(PasskeyOptions.Faults(options)));
    }
}
