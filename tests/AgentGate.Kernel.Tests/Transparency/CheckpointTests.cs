using System.Text;
using AgentGate.Kernel.Transparency;
using FsCheck.Xunit;

namespace AgentGate.Kernel.Tests.Transparency;

public sealed class CheckpointTests
{
    // The example of C2SP tlog-checkpoint.
    private const string Example = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

    [Fact]
    public void The_example_of_the_specification_is_read_and_written()
    {
        var checkpoint = Checkpoint.Parse(Encoding.UTF8.GetBytes(Example));

        Assert.Equal(("example.com/behind-the-sofa", 20_852_163L), (checkpoint.Origin, checkpoint.Size));
        Assert.Equal(Example, Encoding.UTF8.GetString(checkpoint.ToText()));
        Assert.Empty(checkpoint.Extensions);
    }

    [Fact]
    public void Extensions_are_kept_because_signatures_cover_them()
    {
        var checkpoint = Checkpoint.Parse(Encoding.UTF8.GetBytes(Example + "one\ntwo words\n"));

        Assert.Equal(["one", "two words"], checkpoint.Extensions);
        Assert.Equal(Example + "one\ntwo words\n", Encoding.UTF8.GetString(checkpoint.ToText()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\n1\n")]
    [InlineData("\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("a\n01\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("a\n-1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("a\n+1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("a\n 1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("a\n١\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("a\n9223372036854775808\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n")]
    [InlineData("a\n1\nCsUYapGGPo4dkMgIAUqom_Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n")]
    [InlineData("a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")]
    [InlineData("a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n")]
    [InlineData("a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\nx\n")]
    [InlineData("agentgate/vote/v1\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    [InlineData("cosignature/v1\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n")]
    public void What_is_no_checkpoint_is_refused(string text)
    {
        Assert.False(Checkpoint.TryParse(Encoding.UTF8.GetBytes(text), out _, out var error));
        Assert.NotEmpty(error);
        Assert.Throws<NoteFormatException>(() => Checkpoint.Parse(Encoding.UTF8.GetBytes(text)));
    }

    [Fact]
    public void A_checkpoint_is_not_made_of_what_could_not_be_read()
    {
        Assert.Throws<NoteFormatException>(() => new Checkpoint("", 1, new byte[32]));
        Assert.Throws<NoteFormatException>(() => new Checkpoint("a\nb", 1, new byte[32]));
        Assert.Throws<NoteFormatException>(() => new Checkpoint("\ud800", 1, new byte[32]));
        Assert.Throws<NoteFormatException>(() => new Checkpoint("a", -1, new byte[32]));
        Assert.Throws<NoteFormatException>(() => new Checkpoint("a", 1, new byte[31]));
        Assert.Throws<NoteFormatException>(() => new Checkpoint("a", 1, new byte[32], [""]));
        Assert.Throws<NoteFormatException>(() => new Checkpoint(new string('a', 256), 1, new byte[32]));
        Assert.Throws<NoteFormatException>(() => new Checkpoint("a", 1, new byte[32], [.. Enumerable.Repeat("x", 33)]));
    }

    [Property(MaxTest = 3000)]
    public void Mutated_checkpoints_are_read_or_refused_but_never_throw(int position, byte value)
    {
        var bytes = Encoding.UTF8.GetBytes(Example + "extension\n");
        bytes[(uint)position % (uint)bytes.Length] = value;

        if (Checkpoint.TryParse(bytes, out var checkpoint, out _))
        {
            Assert.Equal(bytes, checkpoint.ToText());
        }
    }

    [Property(MaxTest = 3000)]
    public void Any_bytes_are_read_or_refused_but_never_throw(byte[] bytes)
    {
        _ = Checkpoint.TryParse(bytes, out _, out _);
        _ = SignedNote.TryParse(bytes, out _, out _);
        _ = AddCheckpointRequest.TryParse(bytes, out _, out _);
        _ = AddCheckpointRequest.TryParse([.. "old 1\n"u8, .. bytes, .. "\n\n"u8, .. Encoding.UTF8.GetBytes(Example), .. bytes], out _, out _);
    }
}
