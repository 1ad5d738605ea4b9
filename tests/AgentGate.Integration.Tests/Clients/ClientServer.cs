using System.Text;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Clients;

/// <summary>
/// One server for a class of client tests: <c>vault_*</c> tools are internal, <c>delete_*</c> tools forbidden, and a response
/// guard blocks an answer that holds <see cref="BlockedWord"/>; a request guard throws on <see cref="FailingWord"/>.
/// </summary>
public sealed class ClientServer : IAsyncLifetime
{
    public const string BlockedWord = "XYZZY";
    public const string FailingWord = "GUARD-FAILS-HERE";

    private GatewayServer? _server;

    internal GatewayServer Server => _server!;

    public async ValueTask InitializeAsync()
        => _server = await GatewayServer.StartAsync(
            builder => builder.Services.AddSingleton(new GuardDescriptor("BlockedWord", GuardOrder.Threats) { Request = new WordGuard(), Response = new WordGuard() }),
            new Dictionary<string, string?>
            {
                ["AgentGate:Tools:Internal:0"] = "vault_*",
                ["AgentGate:Policies:Forbid:0:Action"] = "callTool",
                ["AgentGate:Policies:Forbid:0:Resource"] = "delete_*",
            });

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>A client with the demo key, and what counts its requests. What the provider got before is forgotten.</summary>
    /// <param name="route">The route.</param>
    /// <param name="key">Another key.</param>
    /// <param name="retries">How often the SDK may retry; its own default otherwise.</param>
    /// <param name="rewrite">Changes the body on its way, for what an SDK would not send.</param>
    internal (ModelClient Client, CountingHandler Requests) Connect(
        string route, string? key = null, int? retries = null, Func<string, string>? rewrite = null)
    {
        Server.Received.Clear();
        var requests = new CountingHandler(rewrite);
        return (ModelClient.Create(route, Server.Url, key ?? Server.Key, new HttpClient(requests), retries), requests);
    }

    /// <summary>The bodies the provider got.</summary>
    internal IReadOnlyList<string> Left() => [.. Server.Received.Received.Select(received => Encoding.UTF8.GetString(received.Body.Span))];

    private sealed class WordGuard : IRequestGuard, IResponseGuard
    {
        public ValueTask<Verdict> InspectAsync(GuardContext context, CancellationToken cancellationToken)
            => Encoding.UTF8.GetString(context.Call.Content.ToUtf8().Span).Contains(FailingWord, StringComparison.Ordinal)
                ? throw new InvalidOperationException("The guard is broken.")
                : ValueTask.FromResult(Verdict.Allowed);

        public ValueTask<Verdict> InspectAsync(ResponseContext context, CancellationToken cancellationToken)
            => ValueTask.FromResult<Verdict>(
                context.Content is { } content && Encoding.UTF8.GetString(content.ToUtf8().Span).Contains(BlockedWord, StringComparison.Ordinal)
                    ? new Verdict.Deny("AG9999", "The answer holds the word.", DenialKind.Forbidden)
                    : Verdict.Allowed);

        public IStreamGuard OpenStream(ResponseContext context) => new Stream();

        private sealed class Stream : IStreamGuard
        {
            private readonly Dictionary<string, string> _texts = [];

            public System.Collections.Immutable.ImmutableArray<Finding> Findings => [];

            // The word may come in pieces.
            public ValueTask<StreamVerdict> InspectAsync(StreamSegment segment, CancellationToken cancellationToken)
            {
                var text = _texts[segment.Channel] = _texts.GetValueOrDefault(segment.Channel) + segment.Text;
                return ValueTask.FromResult(
                    text.Contains(BlockedWord, StringComparison.Ordinal)
                        ? new StreamVerdict.Block("AG9999", "The answer holds the word.")
                        : StreamVerdict.Passed);
            }
        }
    }
}
