using AgentGate.Cli.Tests.Witness;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Server.Witness;
using AgentGate.Witness;

namespace AgentGate.Integration.Tests.Witness;

/// <summary>Three witnesses as processes on the loopback, asked over HTTP as a server asks them.</summary>
public sealed class WitnessQuorumTests(WitnessQuorumTests.Three three) : IClassFixture<WitnessQuorumTests.Three>
{
    private static readonly List<byte[]> Honest = [.. Enumerable.Range(0, 60).Select(static i => MerkleHash.Leaf([(byte)i]))];
    private static readonly List<byte[]> Forked = [.. Honest.Select(static (leaf, i) => i == 3 ? MerkleHash.Leaf("rewritten"u8) : leaf)];

    [Fact]
    public async Task A_log_that_only_grows_is_published_at_every_size()
    {
        foreach (var size in new[] { 1, 7, 60 })
        {
            var cosigned = Assert.IsType<CosignResult.Cosigned>(await three.CosignAsync("log/grows", Honest, size, [0, 1, 2], 3));
            Assert.True(new WitnessPolicy(3, three.Keys).IsMet(SignedNote.Parse(cosigned.Note.Span)));
        }
    }

    /// <summary>Whichever two cosigned the history that was published, and whichever two are shown the fork.</summary>
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(1, 2)]
    public async Task A_fork_shown_to_two_of_three_is_never_published(int first, int second)
    {
        var pairs = new[] { (A: 0, B: 1), (A: 0, B: 2), (A: 1, B: 2) };
        foreach (var shown in pairs)
        {
            var origin = $"log/{first}{second}/{shown.A}{shown.B}";
            Assert.IsType<CosignResult.Cosigned>(await three.CosignAsync(origin, Honest, 20, [first, second], 2));

            foreach (var size in new[] { 5, 20, 40 })
            {
                var missing = Assert.IsType<CosignResult.NoQuorum>(await three.CosignAsync(origin, Forked, size, [shown.A, shown.B], 2));
                Assert.DoesNotContain("2 of 2", missing.Reason, StringComparison.Ordinal);
            }

            Assert.IsType<CosignResult.Cosigned>(await three.CosignAsync(origin, Honest, 60, [first, second], 2));
        }
    }

    [Fact]
    public async Task Witnesses_that_saw_different_forks_never_make_a_quorum_again()
    {
        Assert.IsType<CosignResult.Cosigned>(await three.CosignAsync("log/split", Honest, 20, [0], 1));
        Assert.IsType<CosignResult.Cosigned>(await three.CosignAsync("log/split", Forked, 20, [1], 1));

        foreach (var (leaves, size) in new[] { (Honest, 40), (Forked, 40), (Honest, 20), (Forked, 20) })
        {
            Assert.IsType<CosignResult.NoQuorum>(await three.CosignAsync("log/split", leaves, size, [0, 1], 2));
        }
    }

    [Fact]
    public async Task A_log_that_lost_entries_is_not_published()
    {
        Assert.IsType<CosignResult.Cosigned>(await three.CosignAsync("log/shorter", Honest, 40, [0, 1, 2], 3));

        var missing = Assert.IsType<CosignResult.NoQuorum>(await three.CosignAsync("log/shorter", Honest, 20, [0, 1, 2], 1));

        Assert.Contains("cosigned size 40 last", missing.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_witness_that_cannot_be_reached_is_no_cosignature()
    {
        const string Origin = "log/unreachable";
        using var transport = new HttpWitnessTransport();
        var options = three.Options([0, 1, 2], 3);

        // Nobody listens on port 1, and a server that is no witness answers something else.
        options.Witnesses[2].Url = new Uri("http://127.0.0.1:1/");
        Assert.IsType<CosignResult.NoQuorum>(await Three.CosignAsync(options, transport, Origin, Honest, 20));
        options.Witnesses[2].Url = new Uri(three.Address(2), "elsewhere/");
        Assert.IsType<CosignResult.NoQuorum>(await Three.CosignAsync(options, transport, Origin, Honest, 21));

        options.Quorum = 2;
        Assert.IsType<CosignResult.Cosigned>(await Three.CosignAsync(options, transport, Origin, Honest, 22));

        // Another witness under this one's address cannot speak for it.
        options.Quorum = 3;
        options.Witnesses[2].Url = three.Address(1);
        Assert.IsType<CosignResult.NoQuorum>(await Three.CosignAsync(options, transport, Origin, Honest, 23));
    }

    /// <summary>The processes, each knowing the same logs.</summary>
    public sealed class Three : IAsyncLifetime
    {
        private static readonly string[] Origins =
        [
            "log/grows", "log/split", "log/shorter", "log/unreachable",
            .. new[] { "01", "02", "12" }.SelectMany(static a => new[] { "01", "02", "12" }.Select(b => $"log/{a}/{b}")),
        ];

        private static readonly SigningKey LogKey = SigningKey.Create(SignatureAlgorithm.Ed25519, [.. Enumerable.Repeat((byte)1, 32)]);

        private readonly string _folder = Directory.CreateTempSubdirectory("agentgate-witnesses-").FullName;
        private readonly List<WitnessProcess> _processes = [];
        private readonly HttpWitnessTransport _transport = new();

        public List<NoteKey> Keys { get; } = [];

        public Uri Address(int witness) => _processes[witness].Address;

        public async ValueTask InitializeAsync()
        {
            for (var i = 0; i < 3; i++)
            {
                string[] arguments =
                [
                    "run", "--name", $"w{i}.example", "--key", Path.Combine(_folder, $"w{i}.key"), "--state", Path.Combine(_folder, $"w{i}"),
                    "--listen", "127.0.0.1:0", .. Origins.SelectMany(static origin => new[] { "--log", Signer(origin).PublicKey.ToString() }),
                ];
                _processes.Add(await WitnessProcess.StartAsync(arguments));
                Keys.Add(PublicKey(File.ReadAllText(Path.Combine(_folder, $"w{i}.key"))));
            }
        }

        public ValueTask DisposeAsync()
        {
            _transport.Dispose();
            _processes.ForEach(static process => process.Dispose());
            Directory.Delete(_folder, recursive: true);
            return ValueTask.CompletedTask;
        }

        internal WitnessOptions Options(int[] witnesses, int quorum)
        {
            var options = new WitnessOptions { Quorum = quorum, Deadline = TimeSpan.FromSeconds(30) };
            foreach (var i in witnesses)
            {
                options.Witnesses.Add(new WitnessEndpointOptions { Key = Keys[i].ToString(), Url = Address(i) });
            }

            return options;
        }

        internal Task<CosignResult> CosignAsync(string origin, List<byte[]> leaves, int size, int[] witnesses, int quorum) =>
            CosignAsync(Options(witnesses, quorum), _transport, origin, leaves, size);

        internal static async Task<CosignResult> CosignAsync(
            WitnessOptions options, HttpWitnessTransport transport, string origin, List<byte[]> leaves, int size) =>
            await new WitnessQuorum(options, transport, TimeProvider.System).CosignAsync(
                origin,
                new Checkpoint(origin, size, MerkleTree.RootOf(leaves, 0, size)).Sign(Signer(origin)).ToBytes(),
                (old, now, _) => ValueTask.FromResult(old == 0 ? [] : MerkleTree.ConsistencyPath(leaves[..(int)now], (int)old)),
                CancellationToken.None);

        private static NoteSigner Signer(string origin) => new(LogKey, NoteKey.ForLog(origin, LogKey.PublicKey));

        internal static NoteKey PublicKey(string file)
        {
            var parts = file.Trim()["PRIVATE+KEY+".Length..].Split('+', 3);
            using var key = SigningKey.Create(SignatureAlgorithm.Ed25519, Convert.FromBase64String(parts[2]).AsSpan(1));
            return NoteKey.ForWitness(parts[0], key.PublicKey);
        }
    }
}
