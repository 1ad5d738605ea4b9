using System.Buffers;
using System.Collections.Frozen;
using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Shell;

/// <summary>
/// Programs that carry a command into an interpreter: functions that run a shell, server-side includes, functions
/// imported by a shell through its environment, fork bombs. Each is found by its own marks and read forward only.
/// </summary>
internal static class ShellPrograms
{
    private const int Window = 512;
    private const int NarrowWindow = 64;
    private static readonly SearchValues<string> s_marks = SearchValues.Create(["()", "<!--#", "<!-- #", "<?", "<%", "${", "%x(", "@{["], StringComparison.Ordinal);

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_calls = new[]
    {
        "system", "exec", "shell_exec", "passthru", "popen", "proc_open", "pcntl_exec", "eval", "assert", "phpinfo", "phpversion", "os.system", "os.popen", "kernel.exec", "kernel.system",
        "kernel.exit", "kernel.spawn", "io.popen", "process.spawn", "child_process.exec", "subprocess.call", "subprocess.run", "subprocess.popen", "subprocess.check_output", "os.execute",
        "create_function", "wscript.shell", "runtime.getruntime().exec", "__import__",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly SearchValues<string> s_runners = SearchValues.Create(["system(", "exec(", "passthru(", "popen(", "proc_open(", "eval ", "eval(", "assert(", "phpinfo(", "include(", "include ", "Runtime.get", "ProcessBuilder", "request("], StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<string> s_inputs = SearchValues.Create(["$_GET", "$_POST", "$_REQUEST", "$_SERVER", "$_COOKIE", "request(", "request.getParameter", "php://input"], StringComparison.OrdinalIgnoreCase);

    public static void Analyze(in ThreatText text, ThreatHits hits)
    {
        var reading = text.Text;
        LeadingCall(in text, hits);
        LeadingTemplate(in text, hits);
        var at = 0;

        // A wide window for every mark would cost its width times the marks; past a share of the text they get narrow.
        var windows = 64 + (reading.Length / 64);
        while (at < reading.Length)
        {
            var next = reading[at..].IndexOfAny(s_marks);
            if (next < 0)
            {
                return;
            }

            at += next;
            var rest = reading[at..Math.Min(reading.Length, at + Window)];
            switch (rest[0])
            {
                case '(':
                    Definition(in text, at, rest, hits);
                    break;
                case '<' when rest[1] == '!':
                    Include(in text, at, rest, hits);
                    break;
                case '<':
                    Script(in text, at, windows-- > 0 ? rest : rest[..Math.Min(rest.Length, NarrowWindow)], hits);
                    break;
                case '$':
                    Interpolation(in text, at, rest, hits);
                    break;
                default:
                    Bracketed(in text, at, rest, hits);
                    break;
            }

            at += 2;
        }
    }

    // A text that is a call of a function that runs commands, perhaps behind the operator it breaks out with.
    private static void LeadingCall(in ThreatText text, ThreatHits hits)
    {
        var reading = text.Text;
        var start = 0;
        while (start < reading.Length && start < 16 && (char.IsWhiteSpace(reading[start]) || reading[start] is ';' or '|' or '&' or '\'' or '"' or '@' or ':' or ')' or '`' or '.' or '+'))
        {
            start++;
        }

        var end = start;
        while (end < reading.Length && end - start < 40 && (char.IsAsciiLetterOrDigit(reading[end]) || reading[end] is '_' or '.' || (reading[end] is '(' or ')' && reading[start..].StartsWith("runtime.getruntime()", StringComparison.OrdinalIgnoreCase) && end - start < 20)))
        {
            end++;
        }

        if (end >= reading.Length || end == start || !s_calls.Contains(reading[start..end]))
        {
            return;
        }

        var open = end;
        while (open < reading.Length && open < end + 3 && reading[open] == ' ')
        {
            open++;
        }

        if (open >= reading.Length || (reading[open] != '(' && !(open > end && reading[open] is '"' or '\'')))
        {
            return;
        }

        var broke = reading[..start].ContainsAny(";|&'\"`:".AsSpan());
        var inside = reading[(open + 1)..].TrimStart();
        var isLiteral = inside.IsEmpty || inside[0] is '"' or '\'' or '$' or ')' or '`' or '{' or 'b' or '1' or '0' || reading[open] != '(';
        if (!isLiteral)
        {
            return;
        }

        var isShort = !reading.Contains('\n') && reading.TrimEnd()[^1] is ')' or ';' or '\'' or '"' or '/' or '|';
        Add(in text, hits, "shell.call", start, end - start, broke ? 85 : isShort ? 65 : 40, broke && isShort ? 76 : 40);
    }

    // "|{cmd}", ";{cmd}|": a text that begins with an operator and puts a group where the command goes.
    private static void LeadingTemplate(in ThreatText text, ThreatHits hits)
    {
        var reading = text.Text.Trim(' ');
        if (reading.Length is < 4 or > 64)
        {
            return;
        }

        var start = reading.IndexOf('{');
        if (start is < 1 or > 6 || start + 1 >= reading.Length || !char.IsAsciiLetter(reading[start + 1]))
        {
            return;
        }

        var close = reading[start..].IndexOf('}');
        var operators = reading[..start];
        if (close < 2 || (operators.IndexOfAny(";|&^<`\n".AsSpan()) < 0 && !operators.SequenceEqual("\\n")) || operators[^1] is not (';' or '|' or '&' or '^' or '<' or '`' or '\n' or 'n') || reading.Slice(start, close).IndexOfAny(" :,".AsSpan()) >= 0)
        {
            return;
        }

        var tail = reading[(start + close + 1)..].Trim(";|&'\"`/n\\ \r\n".AsSpan());
        if (tail.IsEmpty)
        {
            Add(in text, hits, "shell.template", 0, text.Text.Length, 55, 40);
        }
    }

    private static void Definition(in ThreatText text, int at, ReadOnlySpan<char> rest, ThreatHits hits)
    {
        var i = SkipBlanks(rest, 2);
        if (i >= rest.Length || rest[i] != '{')
        {
            return;
        }

        var reading = text.Text;
        var name = at;
        while (name > 0 && at - name < 32 && (char.IsAsciiLetterOrDigit(reading[name - 1]) || reading[name - 1] is ':' or '_' or '.'))
        {
            name--;
        }

        if (name < at)
        {
            ForkBomb(in text, reading[name..at], name, rest[(i + 1)..], hits);
            return;
        }

        // A function without a name at the beginning of a value: bash once ran what stands behind its body.
        var before = at - 1;
        while (before >= 0 && reading[before] == ' ')
        {
            before--;
        }

        var isValue = before < 0 || reading[before] is '=' or '\'' or '"' or ':' or '\n';
        var isAtStart = before < 0 || reading[before] is '=' or '\'' or ':';
        if (isValue && rest[i..].Contains('}') && !rest[..i].Contains('>'))
        {
            Add(in text, hits, "shell.function", at, i + 1, isAtStart ? 95 : 60, isAtStart && rest[i..].IndexOf(';') > 0 ? 85 : 40);
        }
    }

    private static void ForkBomb(in ThreatText text, ReadOnlySpan<char> name, int start, ReadOnlySpan<char> body, ThreatHits hits)
    {
        var i = SkipBlanks(body, 0);
        if (!body[i..].StartsWith(name, StringComparison.Ordinal))
        {
            return;
        }

        i = SkipBlanks(body, i + name.Length);
        if (i >= body.Length || body[i] != '|')
        {
            return;
        }

        i = SkipBlanks(body, i + 1);
        if (body[i..].StartsWith(name, StringComparison.Ordinal))
        {
            i = SkipBlanks(body, i + name.Length);
            if (i < body.Length && body[i] == '&')
            {
                hits.Add("shell.wreck", ThreatFamily.Shell, ThreatSeverity.Critical, start, name.Length + i, 95);
            }
        }
    }

    private static void Include(in ThreatText text, int at, ReadOnlySpan<char> rest, ThreatHits hits)
    {
        var directive = rest[(rest.IndexOf('#') + 1)..].TrimStart();
        if (directive.StartsWith("exec", StringComparison.OrdinalIgnoreCase))
        {
            Add(in text, hits, "shell.include", at, 9, 95, 85);
        }
        else if (directive.StartsWith("include", StringComparison.OrdinalIgnoreCase) || directive.StartsWith("printenv", StringComparison.OrdinalIgnoreCase))
        {
            Add(in text, hits, "shell.include", at, 9, 75, 40);
        }
    }

    private static void Script(in ThreatText text, int at, ReadOnlySpan<char> rest, ThreatHits hits)
    {
        var end = rest[2..].IndexOf(rest[1] == '?' ? "?>" : "%>");
        var body = end < 0 ? rest : rest[..(end + 2)];
        if (!body.ContainsAny(s_runners))
        {
            return;
        }

        var takesInput = body.ContainsAny(s_inputs);
        var isWhole = at < 32 && text.Text.Length < Window;
        Add(in text, hits, "shell.script", at, 2, takesInput ? 90 : isWhole ? 80 : 55, takesInput && isWhole ? 80 : 40);
    }

    // PHP evaluates "{${call()}}" inside double quotes.
    private static void Interpolation(in ThreatText text, int at, ReadOnlySpan<char> rest, ThreatHits hits)
    {
        var isNested = at > 0 && text.Text[at - 1] == '{';
        var i = 2;
        var isSilent = i < rest.Length && rest[i] == '@';
        i += isSilent ? 1 : 0;
        var start = i;
        while (i < rest.Length && (char.IsAsciiLetterOrDigit(rest[i]) || rest[i] == '_'))
        {
            i++;
        }

        if (i > start && i < rest.Length && rest[i] == '(' && (isSilent || (isNested && at < 16)))
        {
            Add(in text, hits, "shell.interpolation", at, i, 80, isSilent ? 76 : 50);
        }
    }

    private static void Bracketed(in ThreatText text, int at, ReadOnlySpan<char> rest, ThreatHits hits)
    {
        if (rest.StartsWith("%x(", StringComparison.Ordinal) ? at < 4 : rest[3..].TrimStart().StartsWith("system", StringComparison.OrdinalIgnoreCase))
        {
            Add(in text, hits, "shell.call", at, 3, 70, 45);
        }
    }

    private static int SkipBlanks(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return at;
    }

    private static void Add(in ThreatText text, ThreatHits hits, string rule, int start, int length, int argument, int chat)
        => hits.Add(rule, ThreatFamily.Shell, ThreatSeverity.Critical, start, length, text.Context switch { ThreatContext.Argument => argument, ThreatContext.Chat => chat, _ => Math.Min(chat, 60) });
}
