using AgentGate.Pii;

namespace AgentGate.Tests.Pii;

public sealed class PiiVaultOptionsTests
{
    [Theory]
    [InlineData(0, 10, "ok.example", false)]
    [InlineData(24 * 367, 10, "ok.example", false)]
    [InlineData(24, 0, "ok.example", false)]
    [InlineData(24, 1_000_001, "ok.example", false)]
    [InlineData(24, 10, "https://ok.example", false)]
    [InlineData(24, 10, "ok.example:443", false)]
    [InlineData(24, 10, "", false)]
    [InlineData(24, 10, ".", false)]
    [InlineData(24, 10, "*.ok.example", false)]
    [InlineData(24, 10, ".ok.example", true)]
    [InlineData(24, 10, "bücher.example", true)]
    public void Options_that_would_not_protect_are_refused(int hours, int values, string host, bool isValid)
    {
        var options = new PiiVaultOptions { SessionTtl = TimeSpan.FromHours(hours), MaxValuesPerCall = values };
        options.RestoreHosts.Add(host);

        var result = new PiiVaultOptionsValidator().Validate(null, options);

        Assert.Equal(isValid, result.Succeeded);
        Assert.All(result.Failures ?? [], failure => Assert.StartsWith("AgentGate:PiiVault:", failure, StringComparison.Ordinal));
    }
}
