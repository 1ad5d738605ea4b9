using System.Globalization;
using System.Text;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using AgentGate.Witness;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Tests.Witness;

public sealed class WitnessQuorumTests
{
    private const string Origin = "example.com/log";

    private static readonly List<byte[]> Entries = [.. Enumerable.Range(0, 50).Select(static i => MerkleHash.Leaf([(byte)i]))];
    private static readonly NoteSigner LogKey = Signer(1, static key => NoteKey.ForLog(Origin, key));

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Enough_cosignatures_are_put_under_the_note()
    {
        var transport = new Witnesses(3);

        var result = await Cosign(transport, 2, 20);

        var cosigned = Assert.IsType<CosignResult.Cosigned>(result);
        var note = SignedNote.Parse(cosigned.Note.Span);
        Assert.True(new WitnessPolicy(2, [.. transport.Keys]).IsMet(note));
        Assert.True(note.Verify([LogKey.PublicKey], out _));
        Assert.Equal(2, cosigned.Witnesses.Count);
    }

    [Fact]
    public async Task Without_witnesses_the_note_stays_as_it_is()
    {
        var note = Note(Entries, 3);

        var result = await new WitnessQuorum(new WitnessOptions(), new Witnesses(0), _clock).CosignAsync(Origin, note, Proof(Entries), default);

        Assert.True(note.AsSpan().SequenceEqual(Assert.IsType<CosignResult.Cosigned>(result).Note.Span));
    }

    [Fact]
    public async Task A_witness_is_asked_again_from_where_it_stands()
    {
        var transport = new Witnesses(1);
        transport[0].State = new WitnessedLog(7, MerkleTree.RootOf(Entries, 0, 7));
        var quorum = Quorum(transport, 1);

        Assert.IsType<CosignResult.Cosigned>(await quorum.CosignAsync(Origin, Note(Entries, 20), Proof(Entries), default));
        Assert.Equal(["old 0", "old 7"], transport[0].Asked);
        Assert.IsType<CosignResult.Cosigned>(await quorum.CosignAsync(Origin, Note(Entries, 30), Proof(Entries), default));
        Assert.Equal(["old 0", "old 7", "old 20"], transport[0].Asked);
        Assert.IsType<CosignResult.Cosigned>(await quorum.CosignAsync(Origin, Note(Entries, 30), Proof(Entries), default));
        Assert.Equal("old 30", transport[0].Asked[^1]);
    }

    [Theory]
    [InlineData("down")]
    [InlineData("garbage")]
    [InlineData("other text")]
    [InlineData("other key")]
    [InlineData("500")]
    [InlineData("too late")]
    [InlineData("409 for ever")]
    [InlineData("409 beyond")]
    [InlineData("409 without size")]
    [InlineData("200 and nothing")]
    public async Task What_is_no_cosignature_counts_as_none(string fault)
    {
        var transport = new Witnesses(3);
        transport[1].Fault = fault;

        Assert.IsType<CosignResult.Cosigned>(await Cosign(transport, 2, 20));

        transport[2].Fault = fault;
        var missing = Assert.IsType<CosignResult.NoQuorum>(await Cosign(transport, 2, 21));
        Assert.Contains("1 of 3 witnesses", missing.Reason, StringComparison.Ordinal);
        Assert.Contains("w1", missing.Reason, StringComparison.Ordinal);
        Assert.Contains("w2", missing.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fork_that_two_of_three_witnesses_have_not_seen_so_is_not_published()
    {
        var forked = Entries.ToList();
        forked[4] = MerkleHash.Leaf("rewritten"u8);
        var transport = new Witnesses(3);
        Assert.IsType<CosignResult.Cosigned>(await Cosign(transport, 3, 20));

        var quorum = Quorum(transport, 2);
        foreach (var size in new[] { 5, 20, 30 })
        {
            var result = await quorum.CosignAsync(Origin, Note(forked, size), Proof(forked), default);
            Assert.IsType<CosignResult.NoQuorum>(result);
        }
    }

    [Fact]
    public async Task The_checkpoint_of_another_log_and_what_is_no_checkpoint_are_not_sent()
    {
        var transport = new Witnesses(1);
        var quorum = Quorum(transport, 1);

        Assert.IsType<CosignResult.NoQuorum>(await quorum.CosignAsync("example.com/other", Note(Entries, 3), Proof(Entries), default));
        Assert.IsType<CosignResult.NoQuorum>(await quorum.CosignAsync(Origin, "text\n"u8.ToArray(), Proof(Entries), default));
        Assert.Empty(transport[0].Asked);
    }

    [Fact]
    public async Task Giving_up_is_no_quorum()
    {
        var transport = new Witnesses(1);
        transport[0].Fault = "too late";
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        Assert.IsType<CosignResult.NoQuorum>(await Quorum(transport, 1).CosignAsync(Origin, Note(Entries, 3), Proof(Entries), stop.Token));
    }

    [Fact]
    public async Task A_missing_tile_is_no_quorum_and_not_an_exception()
    {
        var transport = new Witnesses(1);

        var result = await Quorum(transport, 1).CosignAsync(
            Origin, Note(Entries, 3), static (_, _, _) => throw new TileUnavailableException("tile/0/000"), default);

        Assert.Contains("tile/0/000", Assert.IsType<CosignResult.NoQuorum>(result).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_cannot_work_name_their_key()
    {
        Assert.Empty(new WitnessOptions().Problems());
        Assert.Empty(Options(new Witnesses(2), 2).Problems());
        Assert.Contains("quorum", Assert.Single(Options(new Witnesses(2), 3).Problems()), StringComparison.Ordinal);
        Assert.Contains("quorum", Assert.Single(Options(new Witnesses(2), 0).Problems()), StringComparison.Ordinal);

        var options = Options(new Witnesses(1), 1);
        options.Deadline = TimeSpan.Zero;
        options.Witnesses[0].Url = new Uri("ftp://user@example.com/?q");
        options.Witnesses[0].Key = LogKey.PublicKey.ToString() + "x";
        Assert.Equal(["Deadline", "Key", "Url"], options.Problems().Select(static p => p.Split(' ')[0].TrimEnd(':').Split(':')[^1]).Order());
    }

    private ValueTask<CosignResult> Cosign(Witnesses transport, int quorum, int size) =>
        Quorum(transport, quorum).CosignAsync(Origin, Note(Entries, size), Proof(Entries), default);

    private WitnessQuorum Quorum(Witnesses transport, int quorum)
    {
        transport.Clock = _clock;
        return new WitnessQuorum(Options(transport, quorum), transport, _clock);
    }

    private static WitnessOptions Options(Witnesses transport, int quorum)
    {
        var options = new WitnessOptions { Quorum = quorum };
        for (var i = 0; i < transport.Keys.Count; i++)
        {
            options.Witnesses.Add(new WitnessEndpointOptions { Key = transport.Keys[i].ToString(), Url = new Uri($"http://w{i}.example/") });
        }

        return options;
    }

    private static byte[] Note(List<byte[]> entries, int size) => new Checkpoint(Origin, size, MerkleTree.RootOf(entries, 0, size)).Sign(LogKey).ToBytes();

    private static Func<long, long, CancellationToken, ValueTask<IReadOnlyList<byte[]>>> Proof(List<byte[]> entries) =>
        (old, size, _) => ValueTask.FromResult(old == 0 ? [] : MerkleTree.ConsistencyPath(entries[..(int)size], (int)old));

    private static NoteSigner Signer(byte seed, Func<VerificationKey, NoteKey> name)
    {
        var key = SigningKey.Create(SignatureAlgorithm.Ed25519, [.. Enumerable.Repeat(seed, 32)]);
        return new NoteSigner(key, name(key.PublicKey));
    }

    /// <summary>Witnesses in memory that follow the rules, unless they have a fault.</summary>
    private sealed class Witnesses(int count) : IWitnessTransport
    {
        private readonly List<One> _all = [.. Enumerable.Range(0, count).Select(static i => new One(Signer((byte)(10 + i), key => NoteKey.ForWitness($"w{i}", key))))];

        public FakeTimeProvider? Clock { get; set; }

        public IReadOnlyList<NoteKey> Keys => [.. _all.Select(static w => w.Signer.PublicKey)];

        public One this[int index] => _all[index];

        public async ValueTask<WitnessReply?> AddCheckpointAsync(Uri witness, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
        {
            var one = _all[witness.Host[1] - '0'];
            one.Asked.Add(Encoding.UTF8.GetString(body.Span).Split('\n')[0]);
            Assert.True(AddCheckpointRequest.TryParse(body.Span, out var request, out var error), error);
            switch (one.Fault)
            {
                case "down":
                    return null;
                case "garbage":
                    return Reply(200, "\u2014 nothing\n\xff");
                case "other text":
                    return Reply(200, one.Signer.Cosign("other\n"u8, DateTimeOffset.UnixEpoch.AddDays(1)).ToLine() + "\n");
                case "other key":
                    return Reply(200, Signer(99, static key => NoteKey.ForWitness("w1", key)).Cosign(request.Note.Text.Span, DateTimeOffset.UnixEpoch.AddDays(1)).ToLine() + "\n");
                case "500":
                    return Reply(500, "");
                case "409 for ever":
                    return Reply(409, "3\n", "text/x.tlog.size");
                case "409 beyond":
                    return Reply(409, "1000\n", "text/x.tlog.size");
                case "409 without size":
                    return Reply(409, "-1\n", "text/x.tlog.size");
                case "200 and nothing":
                    return Reply(200, "");
                case "too late":
                    var never = new TaskCompletionSource<WitnessReply?>();
                    await using (cancellationToken.Register(() => never.TrySetCanceled(cancellationToken)))
                    {
                        Clock?.Advance(TimeSpan.FromSeconds(6));
                        return await never.Task;
                    }

                default:
                    return one.Answer(request);
            }
        }

        private static WitnessReply Reply(int status, string body, string type = "text/plain") => new(status, type, Encoding.Latin1.GetBytes(body));
    }

    private sealed class One(NoteSigner signer)
    {
        public NoteSigner Signer { get; } = signer;

        public WitnessedLog State { get; set; } = WitnessedLog.Never;

        public string? Fault { get; set; }

        public List<string> Asked { get; } = [];

        public WitnessReply Answer(AddCheckpointRequest request)
        {
            var outcome = WitnessRules.Decide(request, [LogKey.PublicKey], State);
            switch (outcome)
            {
                case WitnessOutcome.Accepted accepted:
                    State = accepted.State;
                    var line = Signer.Cosign(request.Note.Text.Span, DateTimeOffset.UnixEpoch.AddDays(1)).ToLine() + "\n";
                    return new WitnessReply(200, "text/plain", Encoding.UTF8.GetBytes(line));
                case WitnessOutcome.Conflict conflict:
                    return new WitnessReply(409, "text/x.tlog.size", Encoding.ASCII.GetBytes(conflict.Size.ToString(CultureInfo.InvariantCulture) + "\n"));
                default:
                    return new WitnessReply(outcome.Status, "text/plain", default);
            }
        }
    }
}
