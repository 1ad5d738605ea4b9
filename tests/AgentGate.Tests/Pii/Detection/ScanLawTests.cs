using AgentGate.Pii;
using AgentGate.Pii.Detection;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static AgentGate.Tests.Pii.Detection.ScannerFixture;

namespace AgentGate.Tests.Pii.Detection;

/// <summary>What holds for every text.</summary>
public sealed class ScanLawTests
{
    private static readonly string[] Pieces =
    [
        "123-45-6789", "4111 1111", "(555) ", "+49", "a@b", ".com", "@", "::", "1", "f", "10.0.0.", "sk-", "ghp_", "eyJ", "eyJhbGciOiJIUzI1NiJ9", ".", "-", "_", "/",
        "=", "\"", "token", "ssn ", " ", "\n", "\\n", "-----BEGIN PRIVATE KEY-----", "-----END", "GB82", "WEST", "Q~", "://", ":", "|", "AKIA", "\uFF11", "\u200B", "\u00E9",
        "\uD83D", "\uDE00", "x", "ext. 4", "[", "]", "IPv6:", "phone", "fm2_", "0", "000", "99999999999999999999",
    ];

    private static readonly Arbitrary<string> Texts =
        (from count in Gen.Choose(0, 40) from pieces in Gen.Elements(Pieces).ArrayOf(count) select string.Concat(pieces)).ToArbitrary();

    [Property(MaxTest = 3000)]
    public Property Findings_lie_in_the_text_in_order_and_apart() => Prop.ForAll(Texts, text =>
    {
        var matches = new List<PiiMatch>();
        Default.Scan(text, matches);
        var at = 0;
        foreach (var match in matches)
        {
            Assert.True(match.Start >= at && match.Length > 0 && match.Start + match.Length <= text.Length);
            Assert.InRange(match.Score, 0.5, 1);
            at = match.Start + match.Length;
        }
    });

    [Property(MaxTest = 500)]
    public Property Any_text_at_all_is_scanned_without_an_error() => Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => Default.Scan(text, []));

    [Property(MaxTest = 500)]
    public Property A_scan_gives_the_same_every_time() => Prop.ForAll(Texts, text => Assert.Equal(Find(text), Find(text)));

    [Theory]
    [InlineData("7")]
    [InlineData("1 ")]
    [InlineData("12 ")]
    [InlineData("123-45-678 9012 3456 78-90 ")]
    [InlineData("4111 1111 1111 1112 ")]
    [InlineData("1234567 ")]
    [InlineData("109996000 ")]
    [InlineData("@")]
    [InlineData("a@")]
    [InlineData("a@b.")]
    [InlineData("\"@")]
    [InlineData("a.")]
    [InlineData("a1.")]
    [InlineData("1.")]
    [InlineData("a:b:c::")]
    [InlineData("http://")]
    [InlineData("token=")]
    [InlineData("token1=")]
    [InlineData("sk-sk-ghp_fm2_")]
    [InlineData("fm2_aB3dE5gH7")]
    [InlineData("eyJhbGciOiJIUzI1NiJ9.")]
    [InlineData("eyJ.")]
    [InlineData("-")]
    [InlineData("-----BEGIN PRIVATE KEY-----\u00e9")]
    [InlineData("AKIA")]
    [InlineData("GB82 ")]
    [InlineData("MTk4NjIyNDgzNDcxOTI1MjQ4.Cl2FMQ.")]
    [InlineData(" ")]
    [InlineData("phone ")]
    [InlineData("\uFF11\uFF12 ")]
    public void Work_grows_with_the_length_of_the_text_and_no_faster(string piece)
    {
        var small = Repeat(piece, 20_000);
        var large = Repeat(piece, 80_000);
        var (work, more) = (Work(small), Work(large));
        Assert.InRange(more, 0, (work * 4.3) + 20_000);
        Assert.InRange((double)more / large.Length, 0, 150);
    }

    [Fact]
    public void Work_stays_linear_when_the_type_that_a_flood_imitates_is_off()
    {
        var scanner = new PiiScanner(new PiiOptions { Types = { "EMAIL" } });
        scanner.Scan(Repeat("fm2_aB3dE5gH7", 20_000), [], out var work);
        scanner.Scan(Repeat("fm2_aB3dE5gH7", 80_000), [], out var more);
        Assert.InRange(more, 0, (work * 4.3) + 20_000);
    }

    [Fact]
    public void Nothing_is_allocated_beyond_the_list_once_the_code_is_compiled()
    {
        var text = string.Concat(Enumerable.Range(0, 50).Select(i => $"joe{i}@example.com 123-45-{1000 + i} sk-abcdEFGH1234ijklMNOP5678qr{i} \uFF11 "));
        var matches = new List<PiiMatch>(1000);

        // Code that has not been optimised yet boxes vectors: what counts is that it stops.
        var allocated = long.MaxValue;
        for (var round = 0; round < 20_000 && allocated > 0; round++)
        {
            matches.Clear();
            var before = GC.GetAllocatedBytesForCurrentThread();
            Default.Scan(text, matches);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Assert.Equal(0, allocated);
        Assert.Equal(150, matches.Count);
    }

    private static string Repeat(string piece, int length) => string.Concat(Enumerable.Repeat(piece, (length / piece.Length) + 1))[..length];
}
