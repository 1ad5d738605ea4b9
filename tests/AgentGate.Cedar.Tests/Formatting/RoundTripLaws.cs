using System.Text;
using AgentGate.Cedar.Formatting;
using AgentGate.Cedar.Syntax;
using AgentGate.Cedar.Tests.Syntax;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AgentGate.Cedar.Tests.Formatting;

public sealed class RoundTripLaws
{
    [Property(MaxTest = 3000)]
    public Property Formatting_and_parsing_gives_the_same_policy() => Prop.ForAll(ExprGenerator.Policies, static policy =>
    {
        var text = PolicyFormatter.Format(policy);
        var set = PolicySet.Parse(text);
        var parsed = set.Policies.Concat(set.Templates).Single();
        return Json(policy) == Json(parsed) && PolicyFormatter.Format(text) == text && PolicyFormatter.Format(parsed) == text
            && PolicyHash.Of(policy) == PolicyHash.Of(parsed);
    });

    [Property(MaxTest = 3000)]
    public Property Writing_and_reading_JSON_gives_the_same_policy() => Prop.ForAll(ExprGenerator.Policies, static policy =>
    {
        var read = PolicyJson.Parse("p", PolicyJson.Write(policy));
        return Json(policy) == Json(read) && policy.IsTemplate == read.IsTemplate;
    });

    [Property(MaxTest = 2000)]
    public Property Comments_and_blanks_anywhere_survive_formatting_and_change_nothing()
        => Prop.ForAll(ExprGenerator.Policies, Gen.Choose(0, int.MaxValue).ToArbitrary(), static (policy, seed) =>
        {
            var text = PolicyFormatter.Format(policy);
            var (commented, comments) = Sprinkle(text, (uint)seed);
            var formatted = PolicyFormatter.Format(commented);
            var set = PolicySet.Parse(formatted);
            return Json(policy) == Json(set.Policies.Concat(set.Templates).Single())
                && PolicyFormatter.Format(formatted) == formatted
                && CommentsOf(formatted).Order(StringComparer.Ordinal).SequenceEqual(comments.Order(StringComparer.Ordinal));
        });

    private static string Json(Policy policy) => Encoding.UTF8.GetString(PolicyJson.Write(policy));

    /// <summary>Puts comments and blanks between the tokens, here and there.</summary>
    private static (string Text, List<string> Comments) Sprinkle(string text, uint seed)
    {
        var (lexer, output, comments, at) = (new Lexer(text), new StringBuilder(), new List<string>(), 0);
        for (var token = lexer.Next(); ; token = lexer.Next())
        {
            seed = (seed * 1664525) + 1013904223;
            output.Append(text, at, token.Span.Start - at);
            if ((seed >> 16) % 5 == 0)
            {
                comments.Add($"// c{comments.Count}");
                output.Append((seed >> 20) % 2 == 0 ? "\n\n" : "").Append(comments[^1]).Append((seed >> 22) % 2 == 0 ? "\r\n" : "  \n\n\n");
            }

            if (token.Kind == TokenKind.End)
            {
                return (output.ToString(), comments);
            }

            output.Append(text, token.Span.Start, token.Span.Length);
            at = token.Span.End;
        }
    }

    private static List<string> CommentsOf(string text)
    {
        var spans = new List<SourceSpan>();
        var lexer = new Lexer(text, spans);
        while (lexer.Next().Kind != TokenKind.End)
        {
        }

        return spans.ConvertAll(span => text.Substring(span.Start, span.Length));
    }
}
