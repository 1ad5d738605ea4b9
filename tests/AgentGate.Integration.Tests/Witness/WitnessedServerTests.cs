using System.Net;
using System.Text;
using AgentGate.Audit;
using AgentGate.Cli.Tests.Witness;
using AgentGate.Kernel.Transparency;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Witness;

/// <summary>A whole server and a witness of its own process, joined by nothing but what the two print and serve.</summary>
public sealed class WitnessedServerTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agentgate-witnessed-").FullName;

    [Fact]
    public async Task A_checkpoint_of_a_server_is_published_with_the_cosignature_of_its_witness_and_not_without_it()
    {
        var (state, logKeys) = await InstallAsync();
        string[] arguments =
        [
            "run", "--name", "w.example", "--key", Path.Combine(_folder, "w.key"), "--state", Path.Combine(_folder, "w"), "--listen", "127.0.0.1:0",
            .. logKeys.SelectMany(static key => new[] { "--log", key }),
        ];
        using var witness = await WitnessProcess.StartAsync(arguments);
        var witnessKey = WitnessQuorumTests.Three.PublicKey(await File.ReadAllTextAsync(Path.Combine(_folder, "w.key")));
        await using var server = await GatewayServer.StartAsync(directory: state, settings: new Dictionary<string, string?>
        {
            ["AgentGate:Signing:CheckpointInterval"] = "01:00:00",
            ["AgentGate:Witness:Quorum"] = "1",
            ["AgentGate:Witness:Deadline"] = "00:00:30",
            ["AgentGate:Witness:Witnesses:0:Key"] = witnessKey.ToString(),
            ["AgentGate:Witness:Witnesses:0:Url"] = witness.Address.ToString(),
        });
        var publisher = server.App.Services.GetRequiredService<CheckpointPublisher>();
        using var stranger = new HttpClient { BaseAddress = new Uri(server.Url) };

        // It grows twice: the second checkpoint has to be proven consistent with the first.
        var size = 0L;
        for (var round = 0; round < 2; round++)
        {
            await CallAsync(server);
            await publisher.PublishAllAsync(default);
            Assert.Null(publisher.Remark);
            var published = await ReadAsync(stranger);
            Assert.True(published.Note.Verify([NoteKey.Parse(logKeys[0])], out _));
            Assert.True(new WitnessPolicy(1, [witnessKey]).IsMet(published.Note));
            Assert.True(published.Checkpoint.Size > size);
            size = published.Checkpoint.Size;
        }

        witness.Kill();
        await CallAsync(server);
        await publisher.PublishAllAsync(default);
        Assert.StartsWith("AG4301", publisher.Remark, StringComparison.Ordinal);
        Assert.Equal(size, (await ReadAsync(stranger)).Checkpoint.Size);

        // The same witness, under its address of now, goes on where it was.
        using var again = await WitnessProcess.StartAsync([.. arguments[..8], witness.Address.Authority, .. arguments[9..]]);
        await publisher.PublishAllAsync(default);
        Assert.Null(publisher.Remark);
        Assert.True((await ReadAsync(stranger)).Checkpoint.Size > size);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A first start makes the keys, and serves those that a witness is to know: of the tenant's log and of the server's own.</summary>
    private async Task<(string State, string[] LogKeys)> InstallAsync()
    {
        var (first, second) = (Path.Combine(_folder, "first"), Directory.CreateDirectory(Path.Combine(_folder, "state")).FullName);
        await using var server = await GatewayServer.StartAsync(directory: first);
        foreach (var name in new[] { ".agentgate-state", "signing.keys" })
        {
            File.Copy(Path.Combine(first, name), Path.Combine(second, name));
        }

        using var stranger = new HttpClient { BaseAddress = new Uri(server.Url) };
        return (second, [await KeyAsync("default"), await KeyAsync("system")]);

        async Task<string> KeyAsync(string tenant) => (await stranger.GetStringAsync($"/tlog/{tenant}/vkey")).Trim();
    }

    private static async Task<(SignedNote Note, Checkpoint Checkpoint)> ReadAsync(HttpClient http)
    {
        var note = SignedNote.Parse(await http.GetByteArrayAsync("/tlog/default/checkpoint"));
        return (note, Checkpoint.Parse(note.Text.Span));
    }

    private static async Task CallAsync(GatewayServer server)
    {
        using var content = new StringContent("""{"model":"demo-echo","messages":[{"role":"user","content":"hello"}]}""", Encoding.UTF8, "application/json");
        using var response = await server.Http.PostAsync("/v1/chat/completions", content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
