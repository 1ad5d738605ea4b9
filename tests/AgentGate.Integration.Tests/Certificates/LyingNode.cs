using System.Text.Json;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Signing;
using AgentGate.Pipeline;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AgentGate.Integration.Tests.Certificates;

/// <summary>A node that never evaluates anything. It answers what the test tells it; by default yes, well signed.</summary>
internal sealed class LyingNode : IAsyncDisposable
{
    private readonly WebApplication _app;

    private LyingNode(WebApplication app, string nodeId, SigningKey key) => (_app, NodeId, Key) = (app, nodeId, key);

    public string NodeId { get; }

    public SigningKey Key { get; }

    public string Url => _app.Urls.First();

    public string PublicKey
    {
        get
        {
            using var set = JsonDocument.Parse(JsonWebKeys.Write([Key.PublicKey]));
            return set.RootElement.GetProperty("keys")[0].GetRawText();
        }
    }

    /// <summary>Makes the answer from a vote that names the right decision.</summary>
    public Func<Vote, SigningKey, Task<byte[]>> Answer { get; set; } = static (vote, key) => Task.FromResult(SignedVote.Sign(vote, key).ToCanonicalJson());

    public static async Task<LyingNode> StartAsync(string nodeId, byte seed)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var node = new LyingNode(app, nodeId, SigningKey.Create(SignatureAlgorithm.Ed25519, Enumerable.Repeat(seed, 32).ToArray()));
        app.MapPost("/vote", async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var asked = VoteRequest.Parse(body.ToArray()).Question;
            return Results.Bytes(
                await node.Answer(
                    new Vote
                    {
                        NodeId = nodeId, DecisionId = asked.DecisionId, AlphaHash = asked.AlphaHash, GammaHash = asked.GammaHash, TheoremHash = Theorem.Hash,
                        IsYes = true, Reason = VoteReasons.Holds, At = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()),
                        Nonce = new SystemIdSource(TimeProvider.System).Hex(DecisionRandom.NonceBytes),
                    },
                    node.Key),
                "application/json");
        });
        await app.StartAsync();
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Key.Dispose();
    }
}
