using System.Text;
using AgentGate.Cedar.Formatting;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Tests.Syntax;

/// <summary>Broken inputs end in an error of the stage or in a policy, never in another exception.</summary>
public sealed class MutatedInputTests
{
    private const int Rounds = 20_000;

    private static readonly string[] Texts =
    [
        "@id(\"a\") permit(principal == User::\"a\", action in [Action::\"x\", Action::\"y\"], resource is A::B in ?resource) when { principal.a has b.c && [1, -2].contains(3) };",
        "forbid(principal, action, resource) unless { if context.a like \"a*\\u{1f600}\\*\" then {a: 1, \"b c\": ip(\"::1\")} == {} else principal is A in B::\"\\n\" || !(2 * 3 >= 4) }; // end",
    ];

    private static readonly string[] Pieces =
    [
        "(", ")", "[", "]", "{", "}", "\"", "\\", "//", "\n", "\r", ";", "::", ":", ".", ",", "@", "?", "if ", " then ", " else ", " has ", " is ", " in ", " like ",
        "!", "-", "==", "=", "&", "&&", "||", "9223372036854775808", "\\u{", "\\x", "\ud800", "\u0000", "é", "🐈", "permit", "when", "__cedar", "null", "{\"Value\":", "\"__entity\"", "1e5", "-0",
    ];

    [Fact]
    public void Broken_text_is_a_diagnostic_or_a_policy_that_formats_to_itself()
    {
        var seed = 1u;
        for (var round = 0; round < Rounds; round++)
        {
            var text = Mutate(Texts[round % Texts.Length], ref seed);
            if (!PolicySet.TryParse(text, PolicyIdSource.IdAnnotation, out var set, out var diagnostics))
            {
                Assert.NotEmpty(diagnostics);
                Assert.All(diagnostics, static each => Assert.NotEmpty(each.ToString()));
                continue;
            }

            var formatted = PolicyFormatter.Format(text);
            Assert.Equal(formatted, PolicyFormatter.Format(formatted));
            Assert.True(PolicySet.TryParse(formatted, PolicyIdSource.IdAnnotation, out var again, out _), text);
            Assert.Equal(set.ToJson(), again.ToJson());
        }
    }

    [Fact]
    public void Broken_JSON_is_an_error_of_the_stage_or_a_policy_that_writes_to_itself()
    {
        var seed = 1u;
        var documents = Texts.Select(static text => Encoding.UTF8.GetString(PolicySet.Parse(text).ToJson())).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            var bytes = Encoding.UTF8.GetBytes(Mutate(documents[round % documents.Length], ref seed));
            bytes[Next(ref seed) % bytes.Length] ^= (byte)(Next(ref seed) % 4 == 0 ? 0x80 : 0);
            try
            {
                var json = PolicySet.ParseJson(bytes).ToJson();
                Assert.Equal(json, PolicySet.ParseJson(json).ToJson());
            }
            catch (PolicySyntaxException exception)
            {
                Assert.NotEmpty(exception.Diagnostics);
            }
        }
    }

    private static string Mutate(string text, ref uint seed)
    {
        var builder = new StringBuilder(text);
        for (var i = Next(ref seed) % 3; i >= 0; i--)
        {
            var at = Next(ref seed) % builder.Length;
            switch (Next(ref seed) % 4)
            {
                case 0:
                    builder.Remove(at, Math.Min(1 + (Next(ref seed) % 8), builder.Length - at));
                    break;
                case 1:
                    builder.Insert(at, Pieces[Next(ref seed) % Pieces.Length]);
                    break;
                case 2:
                    builder.Insert(at, builder.ToString(at, Math.Min(Next(ref seed) % 30, builder.Length - at)));
                    break;
                default:
                    builder[at] = (char)(Next(ref seed) % 128);
                    break;
            }

            builder.Append(builder.Length == 0 ? ";" : "");
        }

        return builder.ToString();
    }

    private static int Next(ref uint seed)
    {
        seed = (seed * 1664525) + 1013904223;
        return (int)(seed >> 8);
    }
}
