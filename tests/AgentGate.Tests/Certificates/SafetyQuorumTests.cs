using System.Collections.Immutable;
using AgentGate.Certificates;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;
using AgentGate.Pipeline;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace AgentGate.Tests.Certificates;

public sealed class SafetyQuorumTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly SigningKey[] _keys = [.. Enumerable.Range(1, 3).Select(seed => SigningKey.Create(SignatureAlgorithm.Ed25519, Enumerable.Repeat((byte)seed, 32).ToArray()))];
    private readonly Recorder _recorder = new();
    private readonly SafetyNodeOptions _options = new() { Votes = 2 };

    [Fact]
    public async Task A_vote_that_cannot_be_put_on_record_ends_the_call()
    {
        _recorder.Fails = true;

        await Assert.ThrowsAsync<IOException>(() => AskAsync((node, _) => Vote(node)));
    }

    [Fact]
    public async Task Every_valid_vote_is_on_record_before_it_counts()
    {
        var (yes, votes) = await AskAsync((node, _) => Vote(node, yes: node.NodeId != "node-2"));

        Assert.Equal((2, 3), (yes, votes.Length));
        Assert.Equal(["yes", "no", "yes"], _recorder.Entries.Select(entry => entry.Detail));
        Assert.All(_recorder.Entries, entry => Assert.Equal((EntryKind.Vote, "t1", "call-1", Question.DecisionId), (entry.Kind, entry.Tenant, entry.CallId, entry.DecisionId)));
    }

    [Fact]
    public async Task Whoever_does_not_answer_in_time_said_nothing()
    {
        var asked = AskAsync(async (node, token) =>
        {
            if (node.NodeId == "node-1")
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, _time, token);
            }

            return await Vote(node);
        });
        while (!asked.IsCompleted)
        {
            _time.Advance(_options.Deadline);
            await Task.Yield();
        }

        Assert.Equal((2, 2), ((await asked).Yes, _recorder.Entries.Count));
    }

    [Fact]
    public async Task Whoever_cannot_be_reached_said_nothing()
    {
        var (yes, votes) = await AskAsync((node, _) => node.NodeId == "node-3" ? Vote(node) : throw new SafetyNodeUnreachableException("it cannot be reached"));

        Assert.Equal((1, 1), (yes, votes.Length));
    }

    [Fact]
    public async Task A_caller_that_goes_away_is_not_taken_for_a_node_that_is_late()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AskAsync((_, token) => ValueTask.FromCanceled<ReadOnlyMemory<byte>>(token), cancelled.Token));
    }

    [Fact]
    public async Task More_votes_than_nodes_do_not_start()
    {
        using var nodes = new SafetyNodes(new InMemorySafetyNodeStore(), _options);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => nodes.LoadAsync(CancellationToken.None));

        Assert.StartsWith("AG1331", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_without_which_too_few_would_be_left_stays()
    {
        using var nodes = new SafetyNodes(await StoreAsync(2), _options);
        await nodes.LoadAsync(CancellationToken.None);

        var (removed, fault) = await nodes.RemoveAsync("t1", "node-1", CancellationToken.None);

        Assert.Equal((false, true), (removed, fault is not null));
        Assert.Equal(2, nodes.QuorumOf("t1")!.Nodes.Length);
        Assert.Same(nodes.QuorumOf("t1"), nodes.QuorumOf("t1"));
    }

    [Theory]
    [InlineData("Votes", -1)]
    [InlineData("Votes", 65)]
    [InlineData("Deadline", 0)]
    [InlineData("Deadline", 61_000)]
    public void Options_that_cannot_be_used_are_named(string key, int value)
    {
        var options = key == "Votes" ? new SafetyNodeOptions { Votes = value } : new SafetyNodeOptions { Deadline = TimeSpan.FromMilliseconds(value) };

        Assert.StartsWith(
            $"AgentGate:SafetyNodes:{key}", Assert.Single(Microsoft.Extensions.DependencyInjection.SafetyNodesServiceCollectionExtensions.Faults(options)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_of_a_removed_node_still_verifies_its_votes_and_its_place_is_not_taken_again()
    {
        var store = await StoreAsync(3);
        using var nodes = new SafetyNodes(store, _options);
        await nodes.LoadAsync(CancellationToken.None);

        Assert.Equal((true, null), await nodes.RemoveAsync("t1", "node-3", CancellationToken.None));
        using var afterStart = new SafetyNodes(store, _options);
        await afterStart.LoadAsync(CancellationToken.None);
        foreach (var known in new[] { nodes, afterStart })
        {
            Assert.DoesNotContain(known.NodesOf("t1"), node => node.NodeId == "node-3");
            Assert.Contains(known.NodeKeys, key => key.Equals(_keys[2].PublicKey));
            Assert.NotNull(await known.AddAsync(
                new SafetyNode { NodeId = "node-3", Url = new Uri("http://localhost/"), Key = _keys[2].PublicKey, Tenant = "t1" }, CancellationToken.None));
        }
    }

    [Fact]
    public async Task What_another_server_registered_and_removed_counts_after_a_reload_and_the_quorum_is_another_only_where_it_changed()
    {
        var store = await StoreAsync(3);
        using var nodes = new SafetyNodes(store, _options);
        await nodes.LoadAsync(CancellationToken.None);
        var (before, untouched) = (nodes.QuorumOf("t1"), nodes.QuorumOf("default"));
        await nodes.ReloadAsync(CancellationToken.None);
        Assert.Same(before, nodes.QuorumOf("t1"));

        await store.RemoveAsync("t1", "node-3", CancellationToken.None);
        await nodes.ReloadAsync(CancellationToken.None);
        Assert.Equal(["node-1", "node-2"], nodes.NodesOf("t1").Select(node => node.NodeId));
        Assert.NotSame(before, nodes.QuorumOf("t1"));
        Assert.Same(untouched, nodes.QuorumOf("default"));
        Assert.Contains(nodes.NodeKeys, key => key.Equals(_keys[2].PublicKey));

        await store.RemoveAsync("t1", "node-1", CancellationToken.None);
        await store.RemoveAsync("t1", "node-2", CancellationToken.None);
        await nodes.ReloadAsync(CancellationToken.None);
        Assert.Empty(nodes.NodesOf("t1"));
    }

    [Fact]
    public async Task A_node_that_another_server_registered_a_moment_ago_is_a_conflict_and_no_failure()
    {
        var store = await StoreAsync(3);
        using var nodes = new SafetyNodes(store, _options);
        await nodes.LoadAsync(CancellationToken.None);
        using var key = SigningKey.Create(SignatureAlgorithm.Ed25519, Enumerable.Repeat((byte)9, 32).ToArray());
        var node = new SafetyNode { NodeId = "late", Url = new Uri("http://localhost/"), Key = key.PublicKey, Tenant = "t1" };
        await store.AddAsync(node, CancellationToken.None);

        Assert.Contains("another server", await nodes.AddAsync(node, CancellationToken.None), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beside_nodes_that_the_operators_name_no_tenant_registers_its_own()
    {
        var options = new SafetyNodeOptions { Votes = 1 };
        options.Nodes.Add(new ConfiguredSafetyNode { NodeId = "ours", Url = "http://localhost/", PublicKey = Convert.ToBase64String(_keys[0].PublicKey.PublicKey.Span).TrimEnd('=').Replace('+', '-').Replace('/', '_') });
        using var nodes = new SafetyNodes(new InMemorySafetyNodeStore(), options);
        await nodes.LoadAsync(CancellationToken.None);

        Assert.NotNull(await nodes.AddAsync(
            new SafetyNode { NodeId = "mine", Url = new Uri("http://localhost/"), Key = _keys[1].PublicKey, Tenant = "t1" }, CancellationToken.None));
        Assert.Equal("ours", Assert.Single(nodes.NodesOf("t1")).NodeId);
    }

    public void Dispose() => Array.ForEach(_keys, key => key.Dispose());

    private static VoteQuestion Question => new("0197f000-0000-7000-8000-000000000001", new string('a', 64), new string('b', 64));

    private async Task<InMemorySafetyNodeStore> StoreAsync(int count)
    {
        var store = new InMemorySafetyNodeStore();
        for (var i = 0; i < count; i++)
        {
            await store.AddAsync(new SafetyNode { NodeId = $"node-{i + 1}", Url = new Uri("http://localhost/"), Key = _keys[i].PublicKey, Tenant = "t1" }, CancellationToken.None);
        }

        await store.AddAsync(new SafetyNode { NodeId = "a", Url = new Uri("http://localhost/"), Key = _keys[0].PublicKey, Tenant = "default" }, CancellationToken.None);
        await store.AddAsync(new SafetyNode { NodeId = "b", Url = new Uri("http://localhost/"), Key = _keys[1].PublicKey, Tenant = "default" }, CancellationToken.None);
        return store;
    }

    private async Task<(int Yes, ImmutableArray<SignedVote> Votes)> AskAsync(
        Func<SafetyNode, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> answer, CancellationToken cancellationToken = default)
    {
        using var nodes = new SafetyNodes(await StoreAsync(3), _options);
        await nodes.LoadAsync(CancellationToken.None);
        var quorum = new SafetyQuorum(
            nodes, new Transport(answer), _recorder, _options, new SystemIdSource(_time), _time, NullLogger<SafetyQuorum>.Instance);
        return await quorum.AskAsync(new QuorumAsk("t1", "call-1", Question, nodes.QuorumOf("t1")!, "{}"u8.ToArray()), cancellationToken);
    }

    private ValueTask<ReadOnlyMemory<byte>> Vote(SafetyNode node, bool yes = true) => ValueTask.FromResult<ReadOnlyMemory<byte>>(SignedVote.Sign(
        new Vote
        {
            NodeId = node.NodeId, DecisionId = Question.DecisionId, AlphaHash = Question.AlphaHash, GammaHash = Question.GammaHash, TheoremHash = Theorem.Hash,
            IsYes = yes, Reason = yes ? VoteReasons.Holds : VoteReasons.PoliciesNotTrusted, At = DateTimeOffset.UnixEpoch, Nonce = new string('0', 32),
        },
        _keys.Single(key => key.PublicKey.Equals(node.Key))).ToCanonicalJson());

    private sealed class Transport(Func<SafetyNode, CancellationToken, ValueTask<ReadOnlyMemory<byte>>> answer) : ISafetyNodeTransport
    {
        public ValueTask<ReadOnlyMemory<byte>> AskAsync(SafetyNode node, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) => answer(node, cancellationToken);
    }

    private sealed class Recorder : IDecisionRecorder
    {
        public List<LogEntryBody> Entries { get; } = [];

        public bool Fails { get; set; }

        public ValueTask<CertificateSeal?> AppendAsync(DecisionRecord record, CancellationToken cancellationToken)
        {
            if (Fails)
            {
                throw new IOException("The disk is gone.");
            }

            Entries.Add(record.Entry);
            return default;
        }
    }
}
