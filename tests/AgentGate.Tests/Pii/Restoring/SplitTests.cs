using AgentGate.Pii.Restoring;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AgentGate.Tests.Pii.Restoring;

public sealed class SplitTests
{
    private static readonly string[] Parts =
    [
        "<", ">", "SSN_", "1", "2", "<SSN_1>", "<SSN_12>", "<EMAIL_1>", "<LITERAL_1>", @"\u003c", @"\u003E", @"\", "&lt;", "&gt;", "&", "u003c",
        " ", " ", "\n", "word ", " src = ", ".", "@", "/", "//", "https://", "evil.com", "ok.example/", "](", ")", "(", "\"", "'", "src=", "data=", "]:", "=\"", "{\"", ",", ":", "-", "a", "\U0001F600", "é",
    ];

    [Fact]
    public void Every_cut_into_two_or_three_pieces_gives_what_the_whole_text_gives()
    {
        foreach (var text in RestoreCases.Texts)
        {
            var whole = RestoreCases.Restore(text);
            for (var first = 0; first <= text.Length; first++)
            {
                for (var second = first; second <= text.Length; second++)
                {
                    Assert.Equal(whole, RestoreCases.RestoreIn([text[..first], text[first..second], text[second..]]));
                }
            }
        }
    }

    [Fact]
    public void A_short_text_gives_the_same_for_every_way_of_cutting_it()
    {
        foreach (var text in new[] { "<SSN_<SSN_1>", "<SSN_1>.<SSN_12>", @"\u003cSSN_1>", "/<SSN_1>\n<SSN" })
        {
            var whole = RestoreCases.Restore(text);
            for (var cuts = 0; cuts < 1 << (text.Length - 1); cuts++)
            {
                Assert.Equal(whole, RestoreCases.RestoreIn(Cut(text, at => (cuts >> at & 1) == 1)));
            }
        }
    }

    [Fact]
    public void One_character_at_a_time_gives_what_the_whole_text_gives()
    {
        foreach (var text in RestoreCases.Texts)
        {
            Assert.Equal(RestoreCases.Restore(text), RestoreCases.RestoreIn(text.Select(c => c.ToString())));
        }
    }

    [Property(MaxTest = 3000)]
    public Property Any_text_cut_anywhere_gives_what_the_whole_text_gives()
        => Prop.ForAll(
            Arb.From(Gen.Elements(Parts).ArrayOf()),
            Arb.From(Gen.Choose(0, 5).ArrayOf(40)),
            (parts, cuts) =>
            {
                var text = string.Concat(parts);
                return RestoreCases.Restore(text) == RestoreCases.RestoreIn(Cut(text, at => cuts[at % cuts.Length] == 0));
            });

    [Property(MaxTest = 500)]
    public Property Nothing_but_a_prefix_of_a_live_token_or_a_token_with_its_tail_is_held_back()
        => Prop.ForAll(
            Arb.From(Gen.Elements(Parts).ArrayOf()),
            parts =>
            {
                var text = string.Concat(parts);
                var restorer = new TextRestorer(RestoreCases.Live, RestoreCases.Hosts, new RestoreTally());
                for (var i = 0; i < text.Length; i++)
                {
                    restorer.Push(text.AsMemory(i, 1), end: false);
                    var held = text.AsSpan(i + 1 - restorer.HeldLength, restorer.HeldLength);
                    if (held.Length > 0 && TokenMatch.At(held, RestoreCases.Live) is var match
                        && match.Kind is TokenMatchKind.None)
                    {
                        return false;
                    }

                    if (held.Length > 0 && TokenMatch.At(held, RestoreCases.Live) is { Kind: TokenMatchKind.Token, Length: var length }
                        && held.Length - length > 5)
                    {
                        return false;
                    }
                }

                return true;
            });

    private static IEnumerable<string> Cut(string text, Func<int, bool> isCut)
    {
        var start = 0;
        for (var at = 1; at < text.Length; at++)
        {
            if (isCut(at - 1))
            {
                yield return text[start..at];
                start = at;
            }
        }

        yield return text[start..];
    }
}
