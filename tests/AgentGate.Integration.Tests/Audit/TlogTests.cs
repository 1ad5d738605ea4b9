using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AgentGate.Audit;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Audit;

/// <summary>The log as everybody sees it over HTTP, checked with nothing but what HTTP gives.</summary>
public sealed class TlogTests
{
    [Fact]
    public async Task A_stranger_checks_keys_checkpoint_and_tiles_and_reads_no_entry()
    {
        await using var server = await GatewayServer.StartAsync();
        await CallAsync(server, 150);
        await server.App.Services.GetRequiredService<CheckpointPublisher>().PublishAsync("default", default);
        using var stranger = new HttpClient { BaseAddress = new Uri(server.Url) };

        var keys = JsonWebKeys.ReadPublished(await stranger.GetByteArrayAsync("/.well-known/agentgate/keys.json"));
        var published = Assert.Single(keys);
        Assert.True(published.Uses.HasFlag(KeyUses.Certificates | KeyUses.Checkpoints | KeyUses.Grants));
        var vkey = NoteKey.Parse((await stranger.GetStringAsync("/.well-known/agentgate/log.vkey")).Trim());
        Assert.Equal($"{published.NoteName}/default", vkey.Name);
        Assert.Equal(vkey.ToString(), (await stranger.GetStringAsync("/tlog/default/vkey")).Trim());
        Assert.Equal($"{published.NoteName}/no%20body", NoteKey.Parse((await stranger.GetStringAsync("/tlog/no%20body/vkey")).Trim()).Name);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/tlog/{new string('x', 255)}/vkey")).StatusCode);

        var note = SignedNote.Parse(await stranger.GetByteArrayAsync("/tlog/default/checkpoint"));
        Assert.True(note.Verify([vkey], out _));
        var checkpoint = Checkpoint.Parse(note.Text.Span);
        Assert.Equal(vkey.Name, checkpoint.Origin);
        Assert.True(checkpoint.Size > 256, $"The log has only {checkpoint.Size} entries.");

        var root = await new MerkleProver(new HttpTiles(stranger)).RootAsync(checkpoint.Size);
        Assert.Equal(checkpoint.Root.ToArray(), root);
        var full = await stranger.GetAsync("/tlog/default/tile/0/000");
        Assert.Contains("immutable", full.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync("/tlog/default/tile/0/x001/000")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync("/tlog/nobody/checkpoint")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync("/tlog/default/tile/0/..%2f000")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/tlog/default/tile/entries/000")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Http.GetAsync("/tlog/system/tile/entries/000")).StatusCode);

        // Whoever may read the log finds the leaves of the tiles in its entries.
        var bundle = await server.Http.GetByteArrayAsync("/tlog/default/tile/entries/000");
        var tile = await full.Content.ReadAsByteArrayAsync();
        var (at, leaf) = (0, 0);
        for (; at < bundle.Length; leaf++)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(bundle.AsSpan(at));
            Assert.Equal(tile.AsSpan(leaf * 32, 32).ToArray(), MerkleHash.Leaf(bundle.AsSpan(at + 2, length)));
            at += 2 + length;
        }

        Assert.Equal(256, leaf);
    }

    [Fact]
    public async Task The_published_endpoints_of_the_log_answer_over_it()
    {
        await using var server = await GatewayServer.StartAsync();
        await CallAsync(server, 5);

        var page = JsonNode.Parse(await server.Http.GetStringAsync("/api/security/transparency-log?limit=3&offset=2"))!;
        Assert.Equal([2L, 3L, 4L], page["entries"]!.AsArray().Select(e => e!["log_index"]!.GetValue<long>()));
        Assert.True(page["total"]!.GetValue<long>() >= 10);
        Assert.Equal(HttpStatusCode.BadRequest, (await server.Http.GetAsync("/api/security/transparency-log?limit=0")).StatusCode);

        var verified = await Post("{\"start_index\":1,\"end_index\":4}");
        Assert.True(verified["valid"]!.GetValue<bool>());
        Assert.Equal(4, verified["checked_entries"]!.GetValue<long>());
        Assert.Equal(HttpStatusCode.BadRequest, (await server.Http.PostAsync("/api/security/transparency-log/verify", Body("{\"start_index\":5,\"end_index\":4}"))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await server.Http.PostAsync("/api/security/transparency-log/verify", Body("{"))).StatusCode);

        var chain = JsonNode.Parse(await server.Http.GetStringAsync("/api/security/evidence/chain/default"))!;
        Assert.True(chain["valid"]!.GetValue<bool>());
        Assert.Equal(HttpStatusCode.NotFound, (await server.Http.GetAsync("/api/security/evidence/chain/system")).StatusCode);

        async Task<JsonNode> Post(string body)
            => JsonNode.Parse(await (await server.Http.PostAsync("/api/security/transparency-log/verify", Body(body))).Content.ReadAsStringAsync())!;
    }

    private static async Task CallAsync(GatewayServer server, int calls)
        => await Task.WhenAll(Enumerable.Range(0, calls).Select(async _ =>
        {
            using var response = await server.Http.PostAsync(
                "/v1/chat/completions", Body("""{"model":"demo-echo","messages":[{"role":"user","content":"hello"}]}"""));
            Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        }));

    private static StringContent Body(string json) => new(json, Encoding.UTF8, "application/json");

    private sealed class HttpTiles(HttpClient http) : ITileSource
    {
        public async ValueTask<ReadOnlyMemory<byte>> ReadTileAsync(TileCoordinates tile, CancellationToken cancellationToken)
        {
            using var response = await http.GetAsync($"/tlog/default/{tile}", cancellationToken);
            return response.IsSuccessStatusCode ? await response.Content.ReadAsByteArrayAsync(cancellationToken) : ReadOnlyMemory<byte>.Empty;
        }
    }
}
