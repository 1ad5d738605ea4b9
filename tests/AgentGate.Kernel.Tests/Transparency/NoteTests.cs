using System.Text;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Transparency;
using FsCheck.Xunit;

namespace AgentGate.Kernel.Tests.Transparency;

public sealed class NoteTests
{
    // The example of C2SP signed-note, "Verifier keys".
    private const string ExampleKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    private const string Example =
        "This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

    private static readonly DateTimeOffset Now = new(2026, 11, 23, 1, 2, 3, TimeSpan.Zero);

    [Fact]
    public void The_example_of_the_specification_verifies_and_is_written_as_it_was_read()
    {
        var key = NoteKey.Parse(ExampleKey);
        var note = SignedNote.Parse(Encoding.UTF8.GetBytes(Example));

        Assert.True(note.Verify([key], out var verified));
        Assert.Null(Assert.Single(verified).At);
        Assert.Equal(ExampleKey, key.ToString());
        Assert.Equal(Example, Encoding.UTF8.GetString(note.ToBytes()));
    }

    [Theory]
    [InlineData(SignatureAlgorithm.Ed25519)]
    [InlineData(SignatureAlgorithm.EcdsaP256)]
    public void A_log_signs_with_either_algorithm(SignatureAlgorithm algorithm)
    {
        var signer = Log("example.com/log", 7, algorithm);
        var checkpoint = new Checkpoint("example.com/log", 3, MerkleTree.RootOf(Leaves.Of(3)));

        var note = SignedNote.Parse(checkpoint.Sign(signer).ToBytes());

        Assert.True(note.Verify([NoteKey.Parse(signer.PublicKey.ToString())], out _));
        Assert.False(note.Verify([Log("example.com/log", 8, algorithm).PublicKey], out _));
        Assert.False(note.Verify([Log("example.com/other", 7, algorithm).PublicKey], out _));
        Assert.Equal(checkpoint.ToText(), Checkpoint.Parse(note.Text.Span).ToText());
        Assert.Throws<InvalidOperationException>(() => signer.Cosign(note.Text.Span, Now));
    }

    [Fact]
    public void A_cosignature_binds_text_and_time()
    {
        var witness = Witness("witness.example/w1", 9);
        var note = new Checkpoint("example.com/log", 3, new byte[32]).Sign(Log("example.com/log", 7));

        var cosigned = SignedNote.Parse(note.With([witness.Cosign(note.Text.Span, Now)]).ToBytes());

        Assert.True(cosigned.Verify([witness.PublicKey], out var verified));
        Assert.Equal(Now, Assert.Single(verified).At);
        Assert.Throws<InvalidOperationException>(() => witness.Sign(note.Text.Span));

        var bytes = cosigned.Signatures[1].Signature.ToArray();
        for (var i = 0; i < bytes.Length; i++)
        {
            var changed = bytes.ToArray();
            changed[i] ^= 1;
            Assert.False(witness.PublicKey.Verify(note.Text.Span, cosigned.Signatures[1] with { Signature = changed }, out var at));
            Assert.Null(at);
        }

        Assert.False(witness.PublicKey.Verify([.. note.Text.Span, (byte)'\n'], cosigned.Signatures[1], out _));
        Assert.False(witness.PublicKey.Verify(note.Text.Span, cosigned.Signatures[1] with { Signature = bytes.AsMemory(0, 71) }, out _));
    }

    [Fact]
    public void The_same_key_as_log_and_as_witness_has_two_ids()
    {
        var key = SigningKey.Create(SignatureAlgorithm.Ed25519, Seed(3));

        var (log, witness) = (NoteKey.ForLog("name", key.PublicKey), NoteKey.ForWitness("name", key.PublicKey));

        Assert.NotEqual(log.KeyId, witness.KeyId);
        Assert.Equal(1, Convert.FromBase64String(log.ToString().Split('+', 3)[2])[0]);
        Assert.Equal(4, Convert.FromBase64String(witness.ToString().Split('+', 3)[2])[0]);
        Assert.Throws<NoteFormatException>(() => NoteKey.ForWitness("name", SigningKey.Create(SignatureAlgorithm.EcdsaP256, Seed(3)).PublicKey));
    }

    [Fact]
    public void Unknown_signatures_are_ignored_and_one_wrong_signature_of_a_known_key_spoils_the_note()
    {
        var (log, other) = (Log("example.com/log", 1), Log("example.com/other", 2));
        var text = "hello\n"u8.ToArray();
        var good = log.Sign(text);

        Assert.True(new SignedNote(text, [other.Sign(text), good]).Verify([log.PublicKey], out _));
        Assert.False(new SignedNote(text, [other.Sign(text)]).Verify([log.PublicKey], out _));
        Assert.False(new SignedNote(text, [good, good with { Signature = new byte[64] }]).Verify([log.PublicKey], out var none));
        Assert.Empty(none);
        Assert.True(new SignedNote(text, [good, good with { KeyId = good.KeyId + 1 }, good with { Name = "x" }]).Verify([log.PublicKey], out _));
        Assert.True(new SignedNote(text, [good, good]).Verify([log.PublicKey, other.PublicKey], out var once));
        Assert.Single(once);
        Assert.Single(new SignedNote(text, [good]).With([good]).Signatures);
    }

    [Theory]
    [InlineData("")]
    [InlineData("text\n")]
    [InlineData("text\n\n")]
    [InlineData("text\n\n\u2014 name AAAAAAA=")]
    [InlineData("text\n\u2014 name AAAAAAA=\n")]
    [InlineData("text\n\n\u2014 name AAAAAAA=\n\n")]
    [InlineData("text\n\n\u2014 name AAAAAAA=\nmore\n")]
    [InlineData("text\n\n- name AAAAAAA=\n")]
    [InlineData("text\n\n\u2014 na+me AAAAAAA=\n")]
    [InlineData("text\n\n\u2014  AAAAAAA=\n")]
    [InlineData("text\n\n\u2014 na\u00a0me AAAAAAA=\n")]
    [InlineData("text\n\n\u2014 name AAAAAA==\n")]
    [InlineData("text\n\n\u2014 name AAAAAAB=\n")]
    [InlineData("text\n\n\u2014 name AAAAAAA\n")]
    [InlineData("text\n\n\u2014 name AAAA AAA=\n")]
    [InlineData("text\n\n\u2014 name AAAAAAA= \n")]
    [InlineData("text\r\n\n\u2014 name AAAAAAA=\n")]
    [InlineData("te\txt\n\n\u2014 name AAAAAAA=\n")]
    [InlineData("te\0xt\n\n\u2014 name AAAAAAA=\n")]
    public void What_is_no_note_is_refused(string text)
    {
        Assert.False(SignedNote.TryParse(Encoding.UTF8.GetBytes(text), out _, out var error));
        Assert.NotEmpty(error);
        Assert.Throws<NoteFormatException>(() => SignedNote.Parse(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void Bounds_hold()
    {
        const string Line = "\u2014 name AAAAAAA=\n";
        Assert.True(Parses("a\n\n" + string.Concat(Enumerable.Repeat(Line, SignedNote.SignaturesMax))));
        Assert.False(Parses("a\n\n" + string.Concat(Enumerable.Repeat(Line, SignedNote.SignaturesMax + 1))));
        Assert.False(Parses(new string('a', SignedNote.LengthMax) + "\n\n" + Line));
        Assert.False(SignedNote.TryParse([.. "a"u8, 0xff, .. "\n\n\u2014 name AAAAAAA=\n"u8], out _, out _));
        Assert.True(Parses("a\n\nb\n\n" + Line));

        static bool Parses(string text) => SignedNote.TryParse(Encoding.UTF8.GetBytes(text), out _, out _);
    }

    [Theory]
    [InlineData("example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    [InlineData("example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    [InlineData("example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    [InlineData("example.com/foo+530d903a+A+kyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    [InlineData("example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2")]
    [InlineData("example.com/foo+530d903a")]
    [InlineData("+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    [InlineData("a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k")]
    [InlineData("")]
    [InlineData(null)]
    public void What_is_no_verifier_key_is_refused(string? text)
    {
        Assert.False(NoteKey.TryParse(text, out _, out var error));
        Assert.NotEmpty(error);
    }

    [Property(MaxTest = 3000)]
    public void Mutated_notes_and_keys_are_read_or_refused_but_never_throw(int position, byte value, bool cut)
    {
        var bytes = Encoding.UTF8.GetBytes(Example);
        var at = (int)((uint)position % (uint)bytes.Length);
        bytes[at] = value;
        bytes = cut ? bytes[..at] : bytes;

        if (SignedNote.TryParse(bytes, out var note, out _))
        {
            Assert.Equal(bytes, note.ToBytes());
            Assert.False(note.Verify([NoteKey.Parse(ExampleKey)], out _) && !bytes.SequenceEqual(Encoding.UTF8.GetBytes(Example)));
        }

        var key = Encoding.Latin1.GetString(bytes);
        Assert.False(NoteKey.TryParse(key, out _, out _));
    }

    internal static NoteSigner Log(string name, byte seed, SignatureAlgorithm algorithm = SignatureAlgorithm.Ed25519)
    {
        var key = SigningKey.Create(algorithm, Seed(seed));
        return new NoteSigner(key, NoteKey.ForLog(name, key.PublicKey));
    }

    internal static NoteSigner Witness(string name, byte seed)
    {
        var key = SigningKey.Create(SignatureAlgorithm.Ed25519, Seed(seed));
        return new NoteSigner(key, NoteKey.ForWitness(name, key.PublicKey));
    }

    private static byte[] Seed(byte value) => [.. Enumerable.Repeat(value, 32)];
}
