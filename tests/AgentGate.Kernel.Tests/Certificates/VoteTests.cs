using System.Text;
using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Canonical;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Plans;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Tests.Plans;

namespace AgentGate.Kernel.Tests.Certificates;

public sealed class VoteTests : IDisposable
{
    private readonly SigningKey _one = Key(1);
    private readonly SigningKey _two = Key(2);
    private readonly SigningKey _three = Key(3);

    [Fact]
    public void A_vote_is_canonical_json_and_reads_back_as_it_was_written()
    {
        var signed = SignedVote.Sign(Vote("node_1"), _one);
        var bytes = signed.ToCanonicalJson();

        Assert.Equal(CanonicalJson.Canonicalize(bytes), bytes);
        var read = SignedVote.Parse(bytes);
        Assert.Equal(signed.Vote, read.Vote);
        Assert.True(read.IsSignedBy(_one.PublicKey));
        Assert.False(read.IsSignedBy(_two.PublicKey));
        Assert.True(bytes.Length <= SignedVote.LengthMax);
    }

    [Fact]
    public void What_is_not_exactly_a_vote_is_refused()
    {
        var good = Encoding.UTF8.GetString(SignedVote.Sign(Vote("node_1"), _one).ToCanonicalJson());
        string[] bad =
        [
            "", "[]", "null", good + " ", " " + good, good.Replace("\"yes\"", "\"maybe\"", StringComparison.Ordinal), good.Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal),
            good.Replace("\"vote\":", "\"weight\":1,\"vote\":", StringComparison.Ordinal), good.Replace("\"node_1\"", "\"Node_1\"", StringComparison.Ordinal),
            good.Replace("\"holds\"", "\"because\"", StringComparison.Ordinal), good.Replace("\"holds\"", "\"AuthValid\"", StringComparison.Ordinal),
            good.Replace("Z\"", "+00:00\"", StringComparison.Ordinal), good.Replace("\"version\":1", "\"version\":1.0", StringComparison.Ordinal),
            good.Replace(new string('a', 64), new string('A', 64), StringComparison.Ordinal), good.Replace("\"reason\":\"holds\",", "", StringComparison.Ordinal),
            good[..^1] + ",\"vote\":\"no\"}", new string(' ', 3000),
        ];

        Assert.All(bad, text => Assert.Throws<FormatException>(() => SignedVote.Parse(Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public void Every_changed_byte_of_a_vote_makes_it_unreadable_or_unsigned()
    {
        var bytes = SignedVote.Sign(Vote("node_1"), _one).ToCanonicalJson();
        for (var i = 0; i < bytes.Length; i++)
        {
            foreach (var flip in new[] { 1, 2, 32 })
            {
                var changed = bytes.ToArray();
                changed[i] ^= (byte)flip;
                Assert.False(IsValid(changed), $"byte {i}");
            }
        }

        bool IsValid(byte[] changed)
        {
            try
            {
                return SignedVote.Parse(changed).IsSignedBy(_one.PublicKey);
            }
            catch (FormatException)
            {
                return false;
            }
        }
    }

    [Fact]
    public void Different_nodes_are_counted_once_each()
    {
        var (quorum, keys) = Nodes();
        SignedVote[] votes =
        [
            SignedVote.Sign(Vote("node_1"), _one), SignedVote.Sign(Vote("node_1") with { Nonce = new string('1', 32) }, _one),
            SignedVote.Sign(Vote("node_2") with { IsYes = false, Reason = "PermitExists" }, _two),
        ];

        Assert.Equal(1, VoteCount.Yes(votes, Question, quorum, keys));
        Assert.Equal(2, VoteCount.Yes([.. votes, SignedVote.Sign(Vote("node_3"), _three)], Question, quorum, keys));
    }

    [Fact]
    public void Forged_foreign_and_replayed_votes_do_not_count()
    {
        var (quorum, keys) = Nodes();
        using var stranger = Key(9);
        var good = SignedVote.Sign(Vote("node_1"), _one);
        SignedVote[] worthless =
        [
            // Signed by somebody else; under another node's name; with another key's id; not signed at all.
            SignedVote.Sign(Vote("node_1"), stranger), SignedVote.Sign(Vote("node_2"), _one), good with { KeyId = _two.Id }, good with { Signature = new byte[64] },

            // A node nobody knows, with a good signature of its own.
            SignedVote.Sign(Vote("node_9"), stranger),

            // Good votes on another decision, request, knowledge, theorem.
            SignedVote.Sign(Vote("node_1") with { DecisionId = "0197f000-0000-7000-8000-00000000000f" }, _one),
            SignedVote.Sign(Vote("node_1") with { AlphaHash = new string('c', 64) }, _one),
            SignedVote.Sign(Vote("node_1") with { GammaHash = new string('c', 64) }, _one),
            SignedVote.Sign(Vote("node_1") with { TheoremHash = new string('c', 64) }, _one),

            // A no that was turned into a yes.
            SignedVote.Sign(Vote("node_1") with { IsYes = false, Reason = "PermitExists" }, _one) with { Vote = Vote("node_1") },
        ];

        Assert.All(worthless, vote => Assert.Equal(0, VoteCount.Yes([vote], Question, quorum, keys)));
        Assert.Equal(1, VoteCount.Yes([good], Question, quorum, keys));
    }

    [Fact]
    public void A_node_that_votes_yes_without_evaluating_is_found_by_replaying_its_vote()
    {
        var world = new PlanWorld("""@id("read") @obligation("quorum_required") permit (principal, action == AgentGate::Action::"read", resource);""");
        var (may, mayNot) = (Ask("read"), Ask("delete"));
        VoteReplayResult Replay(PlanMoment moment, bool yes, string reason)
            => VoteReplay.Replay(SignedVote.Sign(Vote("node_1") with { IsYes = yes, Reason = reason }, _one), Question, moment.Alpha, moment.Knowledge);

        Assert.Equal(new VoteReplayResult(VoteReplayOutcome.Honest, true, null), Replay(may, true, "holds"));
        Assert.Equal(new VoteReplayResult(VoteReplayOutcome.Lied, true, Predicate.PermitExists), Replay(mayNot, true, "holds"));
        Assert.Equal(VoteReplayOutcome.Honest, Replay(mayNot, false, "PermitExists").Outcome);
        Assert.Equal(VoteReplayOutcome.Lied, Replay(may, false, "PermitExists").Outcome);
        Assert.Equal(VoteReplayOutcome.Lied, Replay(mayNot, false, "AuthValid").Outcome);
        Assert.Equal(VoteReplayOutcome.Honest, Replay(may, false, "policies_not_trusted").Outcome);
        var foreign = SignedVote.Sign(Vote("node_1") with { AlphaHash = new string('c', 64) }, _one);
        Assert.Equal(VoteReplayOutcome.Foreign, VoteReplay.Replay(foreign, Question, may.Alpha, may.Knowledge).Outcome);

        PlanMoment Ask(string action)
        {
            Assert.True(world.TryAsk(0, PlanWorld.Step(action, "/a"), PlanState.Initial, out var moment, out _));
            return moment;
        }
    }

    public void Dispose()
    {
        _one.Dispose();
        _two.Dispose();
        _three.Dispose();
    }

    private static VoteQuestion Question => new("0197f000-0000-7000-8000-000000000001", new string('a', 64), new string('b', 64));

    private static Vote Vote(string node) => new()
    {
        NodeId = node, DecisionId = Question.DecisionId, AlphaHash = Question.AlphaHash, GammaHash = Question.GammaHash, TheoremHash = VoteQuestion.TheoremHash,
        IsYes = true, Reason = "holds", At = PlanWorld.At, Nonce = new string('0', 32),
    };

    private static SigningKey Key(byte seed) => SigningKey.Create(SignatureAlgorithm.Ed25519, Enumerable.Repeat(seed, 32).ToArray());

    private (VoteQuorum Quorum, Func<string, VerificationKey?> Keys) Nodes()
    {
        SigningKey[] keys = [_one, _two, _three];
        return (
            new VoteQuorum(2, [.. keys.Select((key, i) => new VoteNode($"node_{i + 1}", key.Id))]),
            id => keys.FirstOrDefault(key => key.Id == id)?.PublicKey);
    }
}
