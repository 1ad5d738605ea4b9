using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace AgentGate.Integration.Tests.Cluster;

/// <summary>Two server processes, one list of blocked addresses: a block made, and ended, at one holds in the other within a second.</summary>
public sealed class BlocklistClusterTests
{
    private const string Path = "/api/security/blocked-addresses";
    private const string Attacker = "203.0.113.9";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_block_holds_and_ends_in_both_within_a_second()
    {
        await using var bench = await ClusterBench.StartAsync(own: false, new Dictionary<string, string> { ["AgentGate__Proxies__Trusted__0"] = "127.0.0.1" });
        var key = (await bench.KeyAsync("operator", [.. Pipeline.Scopes.All])).Text;
        using var first = bench.Client(key, 0);
        using var second = bench.Client(key, 1);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(second));

        using var made = await first.PostAsJsonAsync(Path, new { address = Attacker, seconds = 600 }, Stop);
        var block = JsonNode.Parse(await made.Content.ReadAsStringAsync(Stop))!;
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);

        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(first));
        await ClusterBench.UntilAsync(async () => await AskAsync(second) == HttpStatusCode.Forbidden, TimeSpan.FromSeconds(1), "the block");

        Assert.Equal(HttpStatusCode.NoContent, (await second.DeleteAsync($"{Path}/{block["id"]}", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(second));
        await ClusterBench.UntilAsync(async () => await AskAsync(first) == HttpStatusCode.OK, TimeSpan.FromSeconds(1), "the end of the block");
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient http)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/alerts");
        request.Headers.Add("X-Forwarded-For", Attacker);
        using var answer = await http.SendAsync(request, Stop);
        return answer.StatusCode;
    }
}
