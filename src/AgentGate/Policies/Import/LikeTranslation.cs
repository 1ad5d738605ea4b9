using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AgentGate.Policies.Import;

/// <summary>Regular expressions that say no more than <c>like</c> can: literals, <c>^</c>, <c>$</c>, <c>.*</c> and escaped punctuation.</summary>
/// <remarks>A search without <c>^</c> may begin anywhere, one without <c>$</c> may end anywhere. <c>.*</c> also spans line breaks here.</remarks>
internal static class LikeTranslation
{
    private const string Operators = ".^$*+?{}[]\\|()";

    /// <summary>The pieces of the pattern; <see langword="false"/> where the expression says more.</summary>
    /// <param name="regex">What 1.0 searched for.</param>
    /// <param name="pieces">Literals with a wildcard between each two.</param>
    /// <param name="unsayable">The operator that has no counterpart.</param>
    public static bool TryRead(string regex, out ImmutableArray<string> pieces, [NotNullWhen(false)] out string? unsayable)
    {
        pieces = [];
        unsayable = null;
        var found = ImmutableArray.CreateBuilder<string>();
        var literal = new StringBuilder();
        var at = 0;
        if (regex.StartsWith('^'))
        {
            at = 1;
        }
        else
        {
            Wildcard();
        }

        var closed = false;
        for (; at < regex.Length; at++)
        {
            var c = regex[at];
            if (c == '.' && at + 1 < regex.Length && regex[at + 1] == '*')
            {
                // `.*?` finds the same texts as `.*`.
                at += at + 2 < regex.Length && regex[at + 2] == '?' ? 2 : 1;
                Wildcard();
            }
            else if (c == '$' && at == regex.Length - 1)
            {
                closed = true;
            }
            else if (c == '\\' && at + 1 < regex.Length && char.IsAscii(regex[at + 1]) && !char.IsLetterOrDigit(regex[at + 1]))
            {
                literal.Append(regex[++at]);
            }
            else if (Operators.Contains(c, StringComparison.Ordinal))
            {
                unsayable = c == '\\' && at + 1 < regex.Length ? regex.Substring(at, 2) : c.ToString();
                return false;
            }
            else
            {
                literal.Append(c);
            }

            // A quantifier after a literal repeats it, which a wildcard does not say.
            if (at + 1 < regex.Length && regex[at + 1] is '*' or '+' or '?' or '{')
            {
                unsayable = regex[at + 1].ToString();
                return false;
            }
        }

        if (!closed)
        {
            Wildcard();
        }

        found.Add(literal.ToString());
        pieces = found.ToImmutable();
        return true;

        void Wildcard()
        {
            // Two wildcards side by side are one.
            if (literal.Length > 0 || found.Count == 0)
            {
                found.Add(literal.ToString());
                literal.Clear();
            }
        }
    }
}
