using System.Buffers;
using System.Collections.Frozen;

namespace AgentGate.Threats.Html;

/// <summary>The forms templates are written in; a form tells which engines may run the expression.</summary>
internal enum TemplateForm : byte
{
    Braces,
    Statement,
    Code,
    Dollar,
    Hash,
    Star,
    Razor,
    RazorBlock,
    Directive,
    Brackets,
    Velocity,
    Smarty,

    /// <summary>A condition of Smarty; blocks of programs look the same, so only calls count.</summary>
    SmartyIf,
}

/// <summary>Judges one expression of a template: what it reaches for, and whether it only asks if somebody computes it.</summary>
internal static class TemplateExpression
{
    /// <summary>Ways out of a template that have no other use: the type system of the language, its loader, its processes.</summary>
    private static readonly SearchValues<string> s_escapes = SearchValues.Create(
        [
            "__class__", "__mro__", "__globals__", "__subclasses__", "__builtins__", "__import__", "__init__", "__base__", "__bases__", "__dict__", "__getitem__", "__reduce__", "__code__", "\\x5f\\x5f",
            "_TemplateReference", "_self.env", "_self[", ".getClass(", "forName(", "getRuntime", "java.lang", "javax.script", "java.util.", "java.io.", "java.net.", "ProcessBuilder", "freemarker.template.utility", "?new(", "?api",
            "ScriptEngineManager", "T(java", "T(org.", "T(Runtime", "T (java", "new java.", "org.apache.commons", "System.Diagnostics", "System.Reflection", "Process.Start", "child_process", "mainModule", "process.env", "global.process", "process.binding", "constructor._load",
            "constructor.constructor", "[\"constructor\"]", "['constructor']", ".constructor(", "constructor.call", "subclasses()", ".mro()", ".class.base", ".class.mro", "class.getResource", "class.forName", "class.classLoader", "protectionDomain", "registerUndefinedFilterCallback", "getFilter(", "enableDebug",
            "Smarty_Internal", "shell_exec", "popen(", "popen2(", "popen3(", "Open3.", "os.system", "inspect.os", "runtime.util", "_mmarker", "_NSAttr__", "subprocess", "passthru", "proc_open", "pcntl_exec", "getsource", "include_tag", "Kernel.", "IO.popen", "File.open", "File.read", "Dir.", "ObjectSpace", "instance_eval", "%x(", "`", "/etc/passwd", "win.ini", "jndi:", "::-j}", "lower:j",
        ],
        StringComparison.OrdinalIgnoreCase);

    /// <summary>Calls that are dangerous with an argument; a comma or a letter before makes it another name.</summary>
    private static readonly SearchValues<string> s_calls = SearchValues.Create(
        ["system(", "exec(", "eval(", "require(", "phpinfo(", "assert(", "open(", "file_get_contents(", "readfile(", "spawn(", "execute(", "createObject(", "include(", "source(", "import os", "import subprocess", "printenv", "constructor", "getenv(", "get_flashed_messages", "url_for", "lipsum", "cycler.", "joiner.", "namespace.", "dump(", "debug(", "var_dump("],
        StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> s_filters = SearchValues.Create(["filter(", "map(", "sort(", "reduce(", "|attr("], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<string> s_functions = SearchValues.Create(["system", "passthru", "exec", "popen", "assert", "__", "\\x5f", "request", "join"], StringComparison.OrdinalIgnoreCase);

    private static readonly SearchValues<char> s_arithmetic = SearchValues.Create("0123456789+-*/%.()'\" \t");

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_globals = new[]
    {
        "config", "self", "request", "settings", "_self", "_context", "app", "debug", "application", "applicationscope", "sessionscope", "pagecontext", "session", "smarty.version", "smarty.template", "this", "@app", "dump", "g", "get_env",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly SearchValues<string> s_members = SearchValues.Create(
        ["config.items", "config.iteritems", "config.secret", "config[", "settings.secret", "request.args", "request.environ", "request.application", "request.cookies", "request.server", "request.query", "app.request", "self.module", "self.template", "self.context", "self.attr", "self._", "smarty.", "messages.storages", "request|attr", "_self.", "app|", "handler.settings", "config|", "config.from", ".secret_key", "settings.database", "pagecontext.", "applicationscope", "facescontext", "param.", "signer.key"],
        StringComparison.OrdinalIgnoreCase);

    /// <summary>0 to 100: how far out of the template the expression reaches.</summary>
    public static int Danger(ReadOnlySpan<char> expression, TemplateForm form, bool isChat)
    {
        var isShell = form is TemplateForm.Dollar or TemplateForm.Hash;
        var escape = form == TemplateForm.SmartyIf ? -1 : expression.IndexOfAny(s_escapes);
        if (escape >= 0)
        {
            // Back ticks run a command only in templates of Ruby, PHP and Perl; elsewhere they quote.
            var isTick = expression[escape] == '`';
            var isWord = escape > 0 && char.IsAsciiLetter(expression[escape - 1]) && char.IsAsciiLetter(expression[escape]);
            if (!isTick && !isWord)
            {
                return form is TemplateForm.Velocity or TemplateForm.RazorBlock or TemplateForm.Directive && isChat ? 78 : form is TemplateForm.Brackets ? isChat ? 50 : 70 : 95;
            }

            if (isTick && form is TemplateForm.Code or TemplateForm.Smarty && expression[(escape + 1)..].Contains('`'))
            {
                return isChat ? 76 : 80;
            }
        }

        if (form is TemplateForm.Brackets or TemplateForm.Star or TemplateForm.Velocity or TemplateForm.Directive)
        {
            return expression.ContainsAny(s_calls) && form != TemplateForm.Brackets ? isChat ? 45 : 55 : 0;
        }

        if (expression.IndexOfAny(s_filters) is var filter and >= 0 && form is TemplateForm.Braces or TemplateForm.Statement or TemplateForm.Dollar)
        {
            var rest = expression[filter..];
            if (expression[..(filter + 1)].Contains('|') && rest.ContainsAny(s_functions) && (rest.Contains('\'') || rest.Contains('"') || rest.Contains('[')))
            {
                return rest.StartsWith("|attr(", StringComparison.OrdinalIgnoreCase) || rest.Contains("system", StringComparison.OrdinalIgnoreCase) ? 85 : isChat ? 60 : 75;
            }
        }

        var call = expression.IndexOfAny(s_calls);
        if (call >= 0 && (call == 0 || !char.IsAsciiLetterOrDigit(expression[call - 1]) && expression[call - 1] != '_' && (form != TemplateForm.SmartyIf || expression[call - 1] != '.')) && !isShell | expression.Contains('('))
        {
            return form is TemplateForm.Code ? isChat ? 76 : 80 : form is TemplateForm.Dollar or TemplateForm.Hash ? isChat ? 60 : 75 : isChat ? 78 : 85;
        }

        return expression.IndexOfAny(s_members) is var member and >= 0 && (member == 0 || !char.IsAsciiLetterOrDigit(expression[member - 1])) ? isChat ? 60 : 70 : 0;
    }

    /// <summary>Whether it computes with literals only: the question whether somebody evaluates it.</summary>
    public static bool IsArithmetic(ReadOnlySpan<char> expression, TemplateForm form)
    {
        if (expression.Length > 64 || expression.ContainsAnyExcept(s_arithmetic))
        {
            return false;
        }

        var operators = 0;
        var digits = 0;
        var last = '\0';
        var isSpaced = false;
        for (var at = 0; at < expression.Length; at++)
        {
            var c = expression[at];
            if (char.IsAsciiDigit(c))
            {
                digits++;
            }
            else if (c is '+' or '-' or '*' or '/' or '%')
            {
                if (digits == 0 && c != '-')
                {
                    return false;
                }

                operators += last == c || last == '\0' ? 0 : 1;
                isSpaced |= c == '*' || (at > 0 && expression[at - 1] == ' ');
            }

            last = c is ' ' ? last : c;
        }

        // A shell writes ${1-10} for a default and ${1/2} for a replacement; only a product or spaces make it arithmetic there.
        return operators > 0 && digits > 1 && (char.IsAsciiDigit(last) || last is ')' or '\'' or '"') && (form is not TemplateForm.Dollar || isSpaced || expression.Contains('+'));
    }

    /// <summary>Whether it prints an object of the framework, which no visitor has a use for.</summary>
    public static bool IsGlobal(ReadOnlySpan<char> expression, TemplateForm form)
    {
        if (form is not (TemplateForm.Braces or TemplateForm.Smarty or TemplateForm.Code))
        {
            return form == TemplateForm.Statement && expression.Trim() is "debug";
        }

        var name = expression.Trim().TrimEnd("()");
        return s_globals.Contains(name);
    }

    /// <summary>Whether it calls a method of a literal: <c>'a'.toUpperCase()</c>.</summary>
    public static bool IsLiteralCall(ReadOnlySpan<char> expression, TemplateForm form)
    {
        if (form is not (TemplateForm.Braces or TemplateForm.Dollar or TemplateForm.Hash) || expression[0] is not ('\'' or '"' or '[' or '('))
        {
            return false;
        }

        var close = expression[1..].IndexOfAny("'\"])") + 1;
        return close > 0 && close + 2 < expression.Length && expression[close + 1] == '.' && expression.Contains('(');
    }
}
