using System.Net;
using AgentGate.Certificates;
using AgentGate.Kernel.Signing;
using AgentGate.Server.Access;
using AgentGate.Server.Certificates;
using Microsoft.Extensions.Options;

namespace AgentGate.Integration.Tests.Certificates;

/// <summary>What a tenant names must not lead into the operator's own network.</summary>
public sealed class PublicAddressTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.1.2.3")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("198.18.0.1")]
    [InlineData("::1")]
    [InlineData("::")]
    [InlineData("::127.0.0.1")]
    [InlineData("fd00::1")]
    [InlineData("fe80::1")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2001:0:1::")]
    [InlineData("2001:db8::1")]
    public void Special_addresses_are_not_public_in_any_spelling(string address) => Assert.False(PublicAddress.Is(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("172.32.0.1")]
    [InlineData("100.128.0.1")]
    [InlineData("2606:4700:4700::1111")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("64:ff9b::101:101")]
    public void The_others_are(string address) => Assert.True(PublicAddress.Is(IPAddress.Parse(address)));

    [Theory]
    [InlineData("http://127.0.0.1:1/")]
    [InlineData("http://localhost:1/")]
    public async Task A_node_that_a_tenant_registered_is_not_asked_inside_the_operators_network(string url)
    {
        using var transport = new HttpSafetyNodeTransport(Options.Create(new SafetyNodeOptions()));
        var node = new SafetyNode { NodeId = "n", Tenant = "a", Url = new Uri(url), Key = Key() };

        var refused = await Assert.ThrowsAsync<SafetyNodeUnreachableException>(() => transport.AskAsync(node, default, TestContext.Current.CancellationToken).AsTask());

        Assert.Contains("AllowPrivateAddresses", refused.GetBaseException().Message, StringComparison.Ordinal);
        var configured = await Assert.ThrowsAsync<SafetyNodeUnreachableException>(
            () => transport.AskAsync(node with { Tenant = null }, default, TestContext.Current.CancellationToken).AsTask());
        Assert.DoesNotContain("AllowPrivateAddresses", configured.GetBaseException().Message, StringComparison.Ordinal);
    }

    private static VerificationKey Key()
    {
        using var key = SigningKey.Create(SignatureAlgorithm.Ed25519, new byte[32]);
        return key.PublicKey;
    }
}
