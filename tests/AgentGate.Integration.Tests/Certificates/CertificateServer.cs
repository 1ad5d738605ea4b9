using System.Text;
using System.Text.Json.Nodes;
using AgentGate.Audit;
using AgentGate.Client;
using AgentGate.Integration.Tests.Security;
using AgentGate.Kernel.Certificates;
using AgentGate.Pipeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Certificates;

/// <summary>A whole server, and a stranger who fetches certificates, bundles and keys and believes none of them.</summary>
internal sealed class CertificateServer(GatewayServer server) : IAsyncDisposable
{
    public GatewayServer Server => server;

    public AgentGateClient Client { get; } = new(server.Http);

    public static async Task<CertificateServer> StartAsync(
        Action<WebApplicationBuilder>? customize = null, IReadOnlyDictionary<string, string?>? settings = null)
        => new(await GatewayServer.StartAsync(customize, settings));

    /// <summary>The decision a gateway's answer names.</summary>
    public static string DecisionOf(HttpResponseMessage response)
        => response.Headers.TryGetValues("x-agentgate-decision", out var ids) ? ids.Single() : throw new InvalidOperationException("The answer names no decision.");

    /// <summary>Fetches and verifies a decision as a stranger would.</summary>
    public async Task<VerificationReport> VerifyAsync(string decisionId)
    {
        var certificate = await Client.ReadCertificateAsync(decisionId);
        var bundle = await Client.ReadBundleAsync(decisionId);
        var keys = KeySetDocument.Write(server.App.Services.GetRequiredService<ISigningKeys>());
        var report = BundleVerifier.Verify(Encoding.UTF8.GetBytes(certificate!), Encoding.UTF8.GetBytes(bundle!), VerifierKeys.Read(keys));
        await SecondVerifier.AgreeAsync(Encoding.UTF8.GetBytes(certificate!), Encoding.UTF8.GetBytes(bundle!), [.. keys], report);
        return report;
    }

    /// <summary>Asks a model route and verifies what the answer rests on.</summary>
    public async Task<(HttpResponseMessage Response, DecisionCertificate Certificate)> AskAsync(string route, JsonNode body)
    {
        var (response, _) = await server.PostAsync(route, body);
        return (response, await ProvenAsync(DecisionOf(response)));
    }

    /// <summary>The certificate of a decision, of which nothing failed and everything that can be was executed anew.</summary>
    public async Task<DecisionCertificate> ProvenAsync(string decisionId)
    {
        var report = await VerifyAsync(decisionId);
        Assert.True(report.Valid, string.Join('\n', report.Steps.Select(step => $"{step.Name}: {step.Outcome} {step.Explanation}")));
        Assert.Equal(report.Certificate!.AlphaHash is not null && !report.Erased, report.ReExecuted);
        return report.Certificate;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
