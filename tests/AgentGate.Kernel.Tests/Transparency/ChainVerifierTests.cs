using System.Security.Cryptography;
using System.Text;
using AgentGate.Kernel.Transparency;
using FsCheck.Xunit;

namespace AgentGate.Kernel.Tests.Transparency;

public sealed class ChainVerifierTests
{
    private static readonly LogKey Key = Entries.Key();

    [Fact]
    public void A_log_as_written_is_valid()
    {
        var result = Verify(Entries.Log(10, Key));

        Assert.True(result.Valid);
        Assert.Equal(10, result.Checked);
        Assert.Equal(Entries.Minimal(1).At, result.First);
        Assert.Equal(Entries.Minimal(10).At, result.Last);
        Assert.Null(result.FirstBrokenSeq);
    }

    [Fact]
    public void The_chain_value_is_the_one_the_format_describes()
    {
        var (entry, hash, _) = Entries.Append(Entries.Minimal(), ChainHead.Genesis, Key);
        Assert.Equal(HMACSHA256.HashData(Key.Secret.Span, [.. entry, .. new byte[32]]), hash);
    }

    [Fact]
    public void An_empty_log_is_valid()
        => Assert.True(Verify([]).Valid);

    [Fact]
    public void An_edited_entry_is_found()
    {
        var log = Entries.Log(10, Key);
        log[4] = log[4] with { Entry = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(log[4].Entry).Replace("id-5", "id-x", StringComparison.Ordinal)) };
        Broken(log, 5, ChainBreak.Edited);
    }

    [Fact]
    public void An_edited_chain_value_is_found()
    {
        var log = Entries.Log(10, Key);
        log[9].Hash[0] ^= 1;
        Broken(log, 10, ChainBreak.Edited);
    }

    [Fact]
    public void A_deleted_entry_is_found()
    {
        var log = Entries.Log(10, Key);
        log.RemoveAt(3);
        Broken(log, 4, ChainBreak.Missing);
    }

    [Fact]
    public void A_deleted_entry_whose_followers_moved_up_is_found()
    {
        var log = Entries.Log(10, Key);
        log.RemoveAt(3);
        Broken([.. log.Select((row, i) => row with { Seq = i + 1 })], 4, ChainBreak.Reordered);
    }

    [Fact]
    public void Entries_that_changed_places_are_found()
    {
        var log = Entries.Log(10, Key);
        (log[2], log[6]) = (log[6] with { Seq = 3 }, log[2] with { Seq = 7 });
        Broken(log, 3, ChainBreak.Reordered);
    }

    [Fact]
    public void An_entry_of_another_tenant_is_found()
    {
        var log = Entries.Log(2, Key);
        var (entry, hash, _) = Entries.Append(Entries.Minimal(3) with { Tenant = "other" }, new ChainHead(2, log[1].Hash), Key);
        log.Add((3, entry, hash));
        Broken(log, 3, ChainBreak.Reordered);
    }

    [Fact]
    public void A_truncated_log_is_found_against_a_known_head()
    {
        var log = Entries.Log(10, Key);
        var head = new ChainHead(10, log[9].Hash);
        log.RemoveRange(7, 3);

        Broken(log, 8, ChainBreak.Truncated, head);
        Broken([], 1, ChainBreak.Truncated, head);
        Assert.True(Verify(log).Valid);
    }

    [Fact]
    public void A_log_that_grew_past_the_known_head_is_valid()
    {
        var log = Entries.Log(10, Key);
        Assert.True(Verify(log, new ChainHead(6, log[5].Hash)).Valid);
    }

    [Fact]
    public void A_log_rewritten_without_the_key_is_found()
        => Broken(Entries.Log(10, new LogKey(Key.Id, new byte[32])), 1, ChainBreak.Edited);

    [Fact]
    public void A_log_rewritten_with_the_key_is_found_against_a_known_head()
    {
        var log = Entries.Log(10, Key);
        var head = new ChainHead(10, new byte[32]);
        Broken(log, 10, ChainBreak.Edited, head);
    }

    [Fact]
    public void A_key_the_verifier_does_not_have_is_named()
        => Broken(Entries.Log(3, Entries.Key("k9")), 1, ChainBreak.UnknownKey);

    [Fact]
    public void Verifying_can_start_behind_a_known_entry()
    {
        var log = Entries.Log(10, Key);
        var verifier = new ChainVerifier("default", _ => Key, new ChainHead(4, log[3].Hash));
        foreach (var (seq, entry, hash) in log.Skip(4))
        {
            Assert.True(verifier.Add(seq, entry, hash));
        }

        Assert.Equal(6, verifier.Complete().Checked);
    }

    [Property(MaxTest = 300)]
    public void Any_changed_bit_anywhere_breaks_the_log_at_its_entry(int seed)
    {
        var random = new Random(seed);
        var log = Entries.Log(6, Key);
        var at = random.Next(6);
        var bytes = random.Next(4) == 0 ? log[at].Hash : log[at].Entry;
        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));

        var result = Verify(log);
        Assert.False(result.Valid);
        Assert.Equal(at + 1, result.FirstBrokenSeq);
        Assert.Equal(at, result.Checked);
    }

    [Fact]
    public void A_short_key_is_refused()
        => Assert.Throws<ArgumentException>(() => Entries.Append(Entries.Minimal(), ChainHead.Genesis, new LogKey("k", new byte[31])));

    private static void Broken(IEnumerable<(long Seq, byte[] Entry, byte[] Hash)> log, long at, ChainBreak reason, ChainHead? head = null)
    {
        var result = Verify(log, head);
        Assert.False(result.Valid);
        Assert.Equal((at, reason), (result.FirstBrokenSeq, result.Reason));
    }

    private static ChainVerification Verify(IEnumerable<(long Seq, byte[] Entry, byte[] Hash)> log, ChainHead? head = null)
    {
        var verifier = new ChainVerifier("default", id => id == Key.Id ? Key : null, ChainHead.Genesis, head);
        foreach (var (seq, entry, hash) in log)
        {
            verifier.Add(seq, entry, hash);
        }

        return verifier.Complete();
    }
}
