namespace AgentGate.Integration.Tests.Clients;

/// <summary>The official npm SDKs; the scenarios are in <c>npm/clients.mjs</c>.</summary>
public sealed class NpmClientTests(NpmClients clients) : IClassFixture<NpmClients>
{
    public static TheoryData<string> Names => [.. NpmClients.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_npm_case_passes(string name)
    {
        clients.Require();
        clients.AssertPassed(name);
    }

    [Fact]
    public void Every_case_of_the_script_has_a_test()
    {
        clients.Require();
        Assert.Equal(NpmClients.Names.Order(StringComparer.Ordinal), clients.Ran.Order(StringComparer.Ordinal));
    }
}
