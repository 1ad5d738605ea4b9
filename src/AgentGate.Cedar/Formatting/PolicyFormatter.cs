using System.Text;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Formatting;

/// <summary>Lays policies out the one way: parsing the result gives the same policies, comments stay. Thread-safe.</summary>
/// <remarks>
/// <para>Lines of 80 columns where that is possible, two blanks per level, a blank line between policies. Comments stay with the token on
/// whose line they stand, others with the token after them; blank lines above a policy are kept, one of several. Parentheses stay,
/// commas behind the last element go. Formatting a formatted text changes nothing.</para>
/// <para>The layout is that of Cedar's own formatter in the large: scope on one line when it says nothing, conditions in braces on lines of
/// their own when they do not fit, operators at the end of the line.</para>
/// </remarks>
public static class PolicyFormatter
{
    /// <summary>Formats a text of policies and templates.</summary>
    /// <exception cref="PolicySyntaxException">The text does not parse.</exception>
    public static string Format(string text)
    {
        if (!PolicyParser.TryParsePolicies(text, out _, out var diagnostics))
        {
            throw new PolicySyntaxException(diagnostics);
        }

        return Layout(text);
    }

    /// <summary>One policy or template in Cedar syntax, formatted, with no more parentheses than needed. Its id, and comments of its source, are not part of the text.</summary>
    /// <exception cref="ArgumentException">The policy was built, not parsed, and cannot be written: a condition deeper than
    /// <see cref="CedarLimits.MaxDepth"/>, a literal that is none, a method without receiver, an annotation without name.</exception>
    public static string Format(Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return Layout(new PolicyText().Write(policy));
    }

    private static string Layout(string text)
    {
        var builder = new LayoutBuilder(text);
        var output = new StringBuilder(text.Length + (text.Length / 8));
        var printer = new LayoutPrinter(text, output);
        while (!builder.IsAtEnd)
        {
            AppendHeading(text, builder, output);
            printer.Print(builder.BuildPolicy());
        }

        AppendHeading(text, builder, output);
        return output.ToString();
    }

    private static void AppendHeading(string text, LayoutBuilder builder, StringBuilder output)
    {
        var comments = builder.TakeHeading();
        if (output.Length > 0 && (comments.Count > 0 || !builder.IsAtEnd))
        {
            output.Append('\n');
        }

        for (var i = 0; i < comments.Count; i++)
        {
            output.Append(text, comments[i].Start, comments[i].Length).Append('\n');
            var isLast = i == comments.Count - 1;
            var next = isLast ? builder.Position : comments[i + 1].Start;
            if (!(isLast && builder.IsAtEnd) && HasBlankLine(text.AsSpan(comments[i].End, next - comments[i].End)))
            {
                output.Append('\n');
            }
        }
    }

    private static bool HasBlankLine(ReadOnlySpan<char> gap)
    {
        var first = gap.IndexOfAny('\n', '\r');
        var rest = first < 0 ? default : gap[(gap[first..].StartsWith("\r\n") ? first + 2 : first + 1)..];
        return rest.IndexOfAny('\n', '\r') >= 0;
    }
}
