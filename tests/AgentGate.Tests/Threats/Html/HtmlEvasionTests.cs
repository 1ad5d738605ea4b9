using System.Text;
using AgentGate.Threats;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AgentGate.Tests.Threats.Html;

/// <summary>Ways of writing the same attack do not change what becomes of it.</summary>
public sealed class HtmlEvasionTests
{
    private static readonly string[] s_attacks =
    [
        "<script>alert(document.cookie)</script>", "<img src=x onerror=alert(1)>", "<svg onload=alert(1)>", "<a href=javascript:alert(1)>x</a>",
        "<iframe src='javascript:alert(1)'>", "<body onload=\"alert(1)\">", "<script>eval(atob('YWxlcnQoMSk='))</script>",
    ];

    private static Arbitrary<string> Attack => Gen.Elements(s_attacks).ToArbitrary();

    private static Arbitrary<int> Seed => Gen.Choose(0, int.MaxValue - 1).ToArbitrary();

    private static bool IsCaught(string text) => Judge.Counts(text, ThreatContext.Argument) && Judge.Counts(text, ThreatContext.Chat);

    /// <summary>Changes some of the places a change applies to; which ones is drawn from the seed's bits.</summary>
    private static string Some(string text, int seed, Func<char, bool> applies, Func<char, string> change)
    {
        var built = new StringBuilder();
        var bits = (uint)seed * 2654435761u;
        foreach (var c in text)
        {
            bits = (bits << 7) | (bits >> 25);
            built.Append(applies(c) && (bits & 1) == 1 ? change(c) : c.ToString());
        }

        return built.ToString();
    }

    [Property]
    public Property Case_does_not_matter()
        => Prop.ForAll(Attack, Seed, (attack, seed) => IsCaught(Some(attack, seed, char.IsAsciiLetter, c => char.ToUpperInvariant(c).ToString())
            .Replace("YWXLCNQOMSK=", "YWxlcnQoMSk=", StringComparison.OrdinalIgnoreCase)));

    [Property]
    public Property Slashes_and_blanks_between_attributes_do_not_matter()
        => Prop.ForAll(Attack, Gen.Elements("\t", "\n", "\f", "  ", " / ", "\r\n").ToArbitrary(), (attack, blank) => IsCaught(attack.Replace(" ", blank, StringComparison.Ordinal)));

    [Property]
    public Property Percent_encoding_does_not_matter()
        => Prop.ForAll(Attack, Seed, (attack, seed) => IsCaught(Some(attack, seed, c => c < 128, c => $"%{(int)c:X2}")));

    [Property]
    public Property Character_references_in_values_do_not_matter()
        => Prop.ForAll(Seed, Gen.Elements("&#{0};", "&#x{0:x};", "&#0000{0};").ToArbitrary(), (seed, format)
            => IsCaught("<a href=\"" + Some("javascript:alert(1)", seed, _ => true, c => string.Format(System.Globalization.CultureInfo.InvariantCulture, format, (int)c)) + "\">x</a>"));

    [Property]
    public Property Escapes_in_names_do_not_matter()
        => Prop.ForAll(Seed, seed => IsCaught("<img src=x onerror=" + Some("alert", seed, _ => true, c => $"\\u{(int)c:x4}") + "(1)>"));

    [Property]
    public Property Blanks_in_the_name_of_a_scheme_do_not_matter()
        => Prop.ForAll(Seed, Gen.Elements("\t", "\n", "\r", "&Tab;", "&NewLine;").ToArbitrary(), (seed, blank)
            => IsCaught("<a href=\"" + Some("javascript", seed, _ => true, c => c + blank) + ":alert(1)\">x</a>"));

    [Fact]
    public void Full_width_letters_do_not_matter()
        => Assert.True(IsCaught("＜script＞alert(document.cookie)＜/script＞"));

    [Fact]
    public void Quotes_around_a_value_do_not_matter()
        => Assert.All(new[] { "", "'", "\"", "`" }, quote => Assert.True(IsCaught($"<img src=x onerror={quote}alert(1){quote}>")));
}
