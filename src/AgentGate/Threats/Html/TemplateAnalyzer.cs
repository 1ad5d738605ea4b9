using System.Buffers;
using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Html;

/// <summary>
/// Reads a text as a template of the engines that run on servers: finds what stands between their delimiters and judges
/// the expression, since names and filters are what templates are written with.
/// </summary>
internal sealed class TemplateAnalyzer : IThreatAnalyzer
{
    /// <summary>Longer expressions are judged by their beginning.</summary>
    private const int ExpressionMax = 2048;

    /// <summary>The longest expression inside of another, or without an end, that is judged apart: it keeps the work linear.</summary>
    private const int InnerMax = 96;

    private static readonly (string Open, string Close, TemplateForm Form)[] s_delimiters =
    [
        ("{{", "}}", TemplateForm.Braces), ("{%", "%}", TemplateForm.Statement), ("<%", "%>", TemplateForm.Code), ("${", "}", TemplateForm.Dollar),
        ("#{", "}", TemplateForm.Hash), ("*{", "}", TemplateForm.Star), ("~{", "}", TemplateForm.Star), ("@(", ")", TemplateForm.Razor), ("@{", "}", TemplateForm.RazorBlock),
        ("[#", "]", TemplateForm.Directive), ("<#", ">", TemplateForm.Directive), ("[[", "]]", TemplateForm.Brackets), ("[=", "]", TemplateForm.Brackets), ("#set", "\n", TemplateForm.Velocity), ("#foreach", "\n", TemplateForm.Velocity),
        ("{php", "{/php}", TemplateForm.Smarty), ("{$", "}", TemplateForm.Smarty), ("{system", "}", TemplateForm.Smarty), ("{Smarty", "}", TemplateForm.Smarty), ("{if ", "}", TemplateForm.SmartyIf), ("{math", "}", TemplateForm.Smarty), ("$class", "\n", TemplateForm.Velocity), ("{=", "}", TemplateForm.Smarty), ("@System.", "\n", TemplateForm.RazorBlock),
    ];

    private static readonly SearchValues<string> s_open = SearchValues.Create([.. s_delimiters.Select(delimiter => delimiter.Open)], StringComparison.Ordinal);

    private static readonly SearchValues<char> s_signs = SearchValues.Create([.. s_delimiters.Select(delimiter => delimiter.Open[0]).Distinct()]);

    public ThreatFamily Family => ThreatFamily.Template;

    public bool MayMatch(ReadOnlySpan<char> text) => text.ContainsAny(s_signs) && text.ContainsAny(s_open);

    public void Analyze(in ThreatText text, ThreatHits hits)
    {
        var value = text.Text;
        var best = default(Find);
        var next = 0;
        var judged = 0;
        // Where a closing delimiter was looked for and not found: it is not there further on either.
        uint withoutClose = 0;
        while (next < value.Length && value[next..].IndexOfAny(s_open) is var index and >= 0)
        {
            var at = next + index;
            var which = DelimiterAt(value[at..]);
            var (open, close, form) = s_delimiters[which];
            // The name that opens some forms is part of what is judged.
            var start = at + (form is TemplateForm.Smarty or TemplateForm.SmartyIf or TemplateForm.Velocity ? 1 : open.Length);
            var length = -1;
            if ((withoutClose & (1u << which)) == 0)
            {
                length = value[start..].IndexOf(close, StringComparison.Ordinal);
                withoutClose |= length < 0 ? 1u << which : 0;
            }

            var isClosed = length >= 0;
            length = Math.Min(isClosed ? length : value.Length - start, at < judged || !isClosed ? InnerMax : ExpressionMax);
            // An expression may hold braces of its own; what follows the first closing one is judged with it, up to the line's end.
            var expression = value.Slice(start, Extend(value[start..], length, close));
            var (rule, score) = Judge(form, expression, text.Context, isClosed && !IsTypeset(value[..at]));
            if (score > best.Score)
            {
                best = new Find(rule, at, start - at + expression.Length, score);
            }

            next = at + open.Length;
            judged = Math.Max(judged, start + expression.Length);
        }

        if (best.Score > 0)
        {
            hits.Add(best.Rule, Family, ThreatSeverity.Critical, best.Start, best.Length, best.Score);
        }
    }

    /// <summary>Braces of TeX: behind a command, a raised or a lowered sign.</summary>
    private static bool IsTypeset(ReadOnlySpan<char> before)
    {
        var at = before.Length;
        while (at > 0 && before.Length - at < 16 && char.IsAsciiLetter(before[at - 1]))
        {
            at--;
        }

        return at > 0 && (before[at - 1] == '\\' || (at == before.Length && before[at - 1] is '^' or '_'));
    }

    private static int DelimiterAt(ReadOnlySpan<char> text)
    {
        for (var which = 0; which < s_delimiters.Length; which++)
        {
            if (text.StartsWith(s_delimiters[which].Open, StringComparison.Ordinal))
            {
                return which;
            }
        }

        return 0;
    }

    /// <summary>Takes in what follows a closing sign that belongs to something inside of the expression.</summary>
    private static int Extend(ReadOnlySpan<char> rest, int length, string close)
    {
        if (close.Length != 1 || close[0] == '\n' || length >= InnerMax)
        {
            return length;
        }

        var opener = close[0] switch { '}' => '{', ')' => '(', ']' => '[', _ => '\0' };
        var depth = rest[..length].Count(opener);
        var end = length;
        while (depth-- > 0 && end + 1 < Math.Min(rest.Length, InnerMax * 4))
        {
            var more = rest[(end + 1)..Math.Min(rest.Length, InnerMax * 4)].IndexOf(close[0]);
            if (more < 0)
            {
                break;
            }

            end += 1 + more;
        }

        return end;
    }

    private static (string Rule, int Score) Judge(TemplateForm form, ReadOnlySpan<char> expression, ThreatContext context, bool isClosed)
    {
        var isChat = context != ThreatContext.Argument;
        if (form == TemplateForm.Code && expression.Length > 1 && char.IsAsciiLetter(expression[0]) && !char.IsAsciiLetter(expression[1]))
        {
            // A directive of a format string in angle brackets, as programs print objects: <%s …>.
            return ("", 0);
        }

        var trimmed = expression.Trim("{}= \t\r\n-#");
        if (trimmed.Length < 2)
        {
            return ("", 0);
        }

        var danger = TemplateExpression.Danger(trimmed, form, isChat);
        if (danger >= 50)
        {
            return ("template.reach", danger);
        }

        if (isClosed && TemplateExpression.IsArithmetic(trimmed, form))
        {
            var isLoose = form is TemplateForm.Razor or TemplateForm.Brackets or TemplateForm.Star or TemplateForm.Smarty;
            return ("template.probe", isLoose ? isChat ? 50 : 60 : isChat ? 78 : 85);
        }

        return TemplateExpression.IsGlobal(trimmed, form) ? ("template.global", isChat ? 45 : 60)
            : TemplateExpression.IsLiteralCall(trimmed, form) ? ("template.probe", isChat ? 45 : 60) : ("template.reach", danger);
    }

    private readonly record struct Find(string Rule, int Start, int Length, int Score);
}
