using System.Text;
using AgentGate.Kernel.Transparency;
using FsCheck.Xunit;

namespace AgentGate.Kernel.Tests.Transparency;

/// <summary>The answers of C2SP tlog-witness, in the order it gives the checks.</summary>
public sealed class WitnessRulesTests
{
    private const string Origin = "example.com/log";

    private static readonly List<byte[]> Honest = Leaves.Of(40);
    private static readonly NoteSigner Log = NoteTests.Log(Origin, 5);

    [Fact]
    public void A_first_checkpoint_and_each_that_continues_it_are_accepted()
    {
        var first = Assert.IsType<WitnessOutcome.Accepted>(Decide(Request(Honest, 0, 7), WitnessedLog.Never));
        var second = Assert.IsType<WitnessOutcome.Accepted>(Decide(Request(Honest, 7, 40), first.State));
        var again = Assert.IsType<WitnessOutcome.Accepted>(Decide(Request(Honest, 40, 40), second.State));

        Assert.Equal(40, again.State.Size);
        Assert.Equal(MerkleTree.RootOf(Honest), again.State.Root.ToArray());
    }

    [Property(MaxTest = 300)]
    public void A_fork_is_never_accepted(byte a, byte b, byte change)
    {
        var (old, size) = ((a % 39) + 1, Math.Max((a % 39) + 1, (b % 40) + 1));
        var stored = new WitnessedLog(old, MerkleTree.RootOf(Honest, 0, old));
        var forked = Honest.ToList();
        forked[change % old] = MerkleHash.Leaf([change]);

        var outcome = Decide(Request(forked, old, size), stored);

        Assert.IsType<WitnessOutcome.Inconsistent>(outcome);
        Assert.Equal(422, outcome.Status);
    }

    [Fact]
    public void A_smaller_checkpoint_is_a_rollback_and_never_accepted()
    {
        var stored = new WitnessedLog(20, MerkleTree.RootOf(Honest, 0, 20));

        Assert.Equal(20, Assert.IsType<WitnessOutcome.Conflict>(Decide(Request(Honest, 0, 10), stored)).Size);
        Assert.Equal(20, Assert.IsType<WitnessOutcome.Conflict>(Decide(Request(Honest, 10, 10), stored)).Size);
        Assert.IsType<WitnessOutcome.Malformed>(Decide(Request(Honest, 10, 10) with { OldSize = 20 }, stored));
    }

    [Fact]
    public void Another_old_size_is_answered_with_the_one_cosigned_last()
    {
        var stored = new WitnessedLog(20, MerkleTree.RootOf(Honest, 0, 20));

        var conflict = Assert.IsType<WitnessOutcome.Conflict>(Decide(Request(Honest, 15, 40), stored));

        Assert.Equal((409, 20L), (conflict.Status, conflict.Size));
        Assert.Equal(0, Assert.IsType<WitnessOutcome.Conflict>(Decide(Request(Honest, 15, 40), WitnessedLog.Never)).Size);
    }

    [Fact]
    public void Unknown_origins_and_wrong_signatures_come_before_everything_else()
    {
        var request = Request(Honest, 15, 10);
        var other = NoteTests.Log(Origin, 6);
        var spoiled = request with { Note = new SignedNote(request.Note.Text, [request.Note.Signatures[0], request.Note.Signatures[0] with { Signature = new byte[64] }]) };

        Assert.Equal(404, WitnessRules.Decide(request, [], WitnessedLog.Never).Status);
        Assert.Equal(403, WitnessRules.Decide(request, [other.PublicKey], WitnessedLog.Never).Status);
        Assert.Equal(403, Decide(spoiled, WitnessedLog.Never).Status);
        Assert.Equal(400, Decide(request, WitnessedLog.Never).Status);
        Assert.IsNotType<WitnessOutcome.NotSigned>(WitnessRules.Decide(Request(Honest, 0, 10), [other.PublicKey, Log.PublicKey], WitnessedLog.Never));
    }

    [Fact]
    public void The_empty_tree_has_its_root_and_needs_no_proof()
    {
        var wrongRoot = Parse(AddCheckpointRequest.Format(0, [], new Checkpoint(Origin, 0, new byte[32]).Sign(Log).ToBytes()));
        var withProof = Parse(AddCheckpointRequest.Format(0, [new byte[32]], Note(Honest, 10)));

        Assert.Equal(200, Decide(Request(Honest, 0, 0), WitnessedLog.Never).Status);
        Assert.Equal(422, Decide(wrongRoot, WitnessedLog.Never).Status);
        Assert.Equal(422, Decide(withProof, WitnessedLog.Never).Status);
    }

    [Fact]
    public void A_request_is_read_as_it_is_written()
    {
        var bytes = AddCheckpointRequest.Format(7, MerkleTree.ConsistencyPath(Honest, 7), Note(Honest, 40));

        var request = Parse(bytes);

        Assert.Equal(7, request.OldSize);
        Assert.Equal(Leaves.Path(MerkleTree.ConsistencyPath(Honest, 7)), request.Proof.ToArray());
        Assert.Equal(40, request.Checkpoint.Size);
    }

    [Theory]
    [InlineData("old 07\n\n")]
    [InlineData("old\n\n")]
    [InlineData("old -1\n\n")]
    [InlineData("OLD 1\n\n")]
    [InlineData("old 1 \n\n")]
    [InlineData("old 1\nAAAA\n\n")]
    [InlineData("old 1\n")]
    [InlineData("\n\n")]
    public void Other_forms_are_refused(string head)
    {
        Assert.False(AddCheckpointRequest.TryParse([.. Encoding.ASCII.GetBytes(head), .. Note(Honest, 3)], out _, out var error));
        Assert.NotEmpty(error);
    }

    [Fact]
    public void A_proof_has_at_most_63_lines()
    {
        var hashes = Enumerable.Repeat(new byte[32], AddCheckpointRequest.ProofLinesMax).ToList();
        Assert.True(AddCheckpointRequest.TryParse(AddCheckpointRequest.Format(1, hashes, Note(Honest, 3)), out _, out _));
        Assert.False(AddCheckpointRequest.TryParse(AddCheckpointRequest.Format(1, [.. hashes, new byte[32]], Note(Honest, 3)), out _, out _));
        Assert.False(AddCheckpointRequest.TryParse(new byte[AddCheckpointRequest.LengthMax + 1], out _, out _));
    }

    [Fact]
    public void A_quorum_counts_each_witness_once_and_nobody_else()
    {
        NoteSigner[] witnesses = [NoteTests.Witness("w1", 1), NoteTests.Witness("w2", 2), NoteTests.Witness("w3", 3)];
        var stranger = NoteTests.Witness("w4", 4);
        var policy = new WitnessPolicy(2, [.. witnesses.Select(static w => w.PublicKey)]);
        var note = SignedNote.Parse(Note(Honest, 10));
        var at = DateTimeOffset.UnixEpoch.AddDays(1);
        SignedNote By(params NoteSigner[] signers) => note.With(signers.Select((s, i) => s.Cosign(note.Text.Span, at.AddSeconds(i))));

        Assert.False(policy.IsMet(note));
        Assert.False(policy.IsMet(By(witnesses[0])));
        Assert.False(policy.IsMet(By(witnesses[0], witnesses[0])));
        Assert.False(policy.IsMet(By(witnesses[0], stranger)));
        Assert.True(policy.IsMet(By(witnesses[0], witnesses[2])));
        Assert.True(WitnessPolicy.None.IsMet(note));

        // A wrong signature in a witness's name is worth nothing and takes nothing away from its right one.
        var wrong = witnesses[1].Cosign("other\n"u8, at);
        Assert.False(policy.IsMet(By(witnesses[0]).With([wrong])));
        Assert.True(policy.IsMet(note.With([wrong]).With(By(witnesses[0], witnesses[1]).Signatures)));
    }

    [Fact]
    public void A_policy_that_counts_a_witness_twice_or_cannot_be_met_is_refused()
    {
        var (w1, w2) = (NoteTests.Witness("w1", 1).PublicKey, NoteTests.Witness("w2", 2).PublicKey);

        Assert.Throws<NoteFormatException>(() => new WitnessPolicy(2, [w1, NoteTests.Witness("w1", 2).PublicKey]));
        Assert.Throws<NoteFormatException>(() => new WitnessPolicy(2, [w1, NoteTests.Witness("w2", 1).PublicKey]));
        Assert.Throws<NoteFormatException>(() => new WitnessPolicy(3, [w1, w2]));
        Assert.Throws<NoteFormatException>(() => new WitnessPolicy(0, [w1, w2]));
        Assert.Throws<NoteFormatException>(() => new WitnessPolicy(1, [w1, NoteTests.Log("log", 9).PublicKey]));
    }

    private static WitnessOutcome Decide(AddCheckpointRequest request, WitnessedLog stored) => WitnessRules.Decide(request, [Log.PublicKey], stored);

    private static AddCheckpointRequest Request(List<byte[]> leaves, int old, int size) =>
        Parse(AddCheckpointRequest.Format(old, old == 0 || old > size ? [] : MerkleTree.ConsistencyPath(leaves[..size], old), Note(leaves, size)));

    private static AddCheckpointRequest Parse(byte[] bytes)
    {
        Assert.True(AddCheckpointRequest.TryParse(bytes, out var request, out var error), error);
        return request;
    }

    private static byte[] Note(List<byte[]> leaves, int size) => new Checkpoint(Origin, size, MerkleTree.RootOf(leaves, 0, size)).Sign(Log).ToBytes();
}
