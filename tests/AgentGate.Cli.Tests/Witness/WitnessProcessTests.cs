using System.Net;
using AgentGate.Cli.Witness;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Cli.Tests.Witness;

/// <summary>Witnesses as processes: what they signed outlives them.</summary>
public sealed class WitnessProcessTests : IDisposable
{
    private readonly Scratch _scratch = new();

    private string[] Arguments =>
    [
        "run", "--name", "witness.example/w1", "--key", _scratch.Path("w.key"), "--state", _scratch.Path("state"),
        "--log", WitnessClient.LogKey.PublicKey.ToString(), "--listen", "127.0.0.1:0",
    ];

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public async Task A_killed_witness_remembers_what_it_signed()
    {
        using (var witness = await WitnessProcess.StartAsync(Arguments))
        {
            using var client = new WitnessClient(witness.Address);
            Assert.Equal(HttpStatusCode.OK, (await client.AddAsync(WitnessClient.Honest, 0, 20)).Status);
            witness.Kill();
        }

        using var again = await WitnessProcess.StartAsync(Arguments);
        using var later = new WitnessClient(again.Address);
        Assert.Equal((HttpStatusCode.Conflict, "20\n", "text/x.tlog.size"), await later.AddAsync(WitnessClient.Honest, 0, 10));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await later.AddAsync(WitnessClient.Forked, 20, 40)).Status);
        Assert.Equal(HttpStatusCode.OK, (await later.AddAsync(WitnessClient.Honest, 20, 40)).Status);
        Assert.Equal(40, Checkpoint.Parse(SignedNote.Parse((await later.CheckpointAsync(WitnessStore.HashOf(WitnessClient.Origin))).Body).Text.Span).Size);
    }

    [Fact]
    public async Task A_second_process_on_the_same_state_does_not_start()
    {
        using var witness = await WitnessProcess.StartAsync(Arguments);

        var (exit, error) = await WitnessProcess.FailAsync(Arguments);

        Assert.Equal(ExitCode.Unusable, exit);
        Assert.Contains("another witness runs on it", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_is_said_in_one_sentence()
    {
        using var witness = await WitnessProcess.StartAsync(Arguments);
        var other = Arguments;
        (other[6], other[^1]) = (_scratch.Path("other"), $"127.0.0.1:{witness.Address.Port}");

        var (exit, error) = await WitnessProcess.FailAsync(other);

        Assert.Equal(ExitCode.Unusable, exit);
        Assert.Contains("cannot listen", error, StringComparison.Ordinal);
    }
}
