using System.Buffers;

namespace AgentGate.Threats.Shell;

/// <summary>What the arguments of a command look like, gathered word by word.</summary>
[Flags]
internal enum ShellArguments
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>An option: <c>-la</c>, <c>--all</c>.</summary>
    Option = 1,

    /// <summary>An option of Windows: <c>/c</c>, <c>/all</c>.</summary>
    SlashOption = 2,

    /// <summary>A path.</summary>
    Path = 4,

    /// <summary>A URL, a host or an address.</summary>
    Address = 8,

    /// <summary>A number.</summary>
    Number = 16,

    /// <summary>A variable or a substitution.</summary>
    Variable = 32,

    /// <summary>A path that names secrets.</summary>
    Secret = 64,

    /// <summary>A quoted word.</summary>
    Quoted = 128,

    /// <summary>The path of a shell, as an argument.</summary>
    Shell = 256,

    /// <summary>A verb of administration.</summary>
    AdminWord = 512,

    /// <summary>The name of a command.</summary>
    CommandName = 1024,

    /// <summary>A device that is a network connection: <c>/dev/tcp/…</c>.</summary>
    Network = 2048,

    /// <summary>An option that runs what follows: <c>-c</c>, <c>-e</c>, <c>/c</c>.</summary>
    RunOption = 4096,

    /// <summary>An option of an encoded PowerShell command.</summary>
    EncodedOption = 8192,

    /// <summary>A redirection.</summary>
    Redirect = 16384,
}

/// <summary>Looks at single words of a command line.</summary>
internal static class ShellWords
{
    private static readonly SearchValues<char> s_pathMarks = SearchValues.Create("/\\~*");

    /// <summary>What a word is as an argument.</summary>
    public static ShellArguments Classify(ReadOnlySpan<char> word, ShellWordTraits traits)
    {
        var found = (traits & ShellWordTraits.Quoted) != 0 ? ShellArguments.Quoted : ShellArguments.None;
        if ((traits & (ShellWordTraits.Variable | ShellWordTraits.Spliced)) != 0 || word.Contains('$'))
        {
            found |= ShellArguments.Variable;
        }

        if (word.IsEmpty)
        {
            return found;
        }

        if (word[0] == '-' && word.Length > 1 && (char.IsAsciiLetterOrDigit(word[1]) || word[1] == '-'))
        {
            found |= ShellArguments.Option;
            if (word.Length < 8 && word[1] != '-' && word[^1] is 'c' or 'e' or 'r' or 'i')
            {
                found |= ShellArguments.RunOption;
            }

            return word.StartsWith("-enc", StringComparison.OrdinalIgnoreCase) || word.Equals("-ec", StringComparison.OrdinalIgnoreCase) ? found | ShellArguments.EncodedOption : found;
        }

        if (word.Contains("/dev/tcp/", StringComparison.Ordinal) || word.Contains("/dev/udp/", StringComparison.Ordinal))
        {
            return found | ShellArguments.Network | ShellArguments.Path;
        }

        if (word[0] == '/' && word.Length is > 1 and < 8 && word[1..].IndexOfAny('/', '.') < 0 && char.IsAsciiLetter(word[1]))
        {
            found |= ShellArguments.SlashOption;
            found |= word.Length == 2 && word[1] is 'c' or 'C' or 'k' or 'K' ? ShellArguments.RunOption : ShellArguments.None;
        }

        if (IsNumber(word))
        {
            return found | ShellArguments.Number;
        }

        if (IsPath(word))
        {
            found |= ShellArguments.Path;
            found |= IsSecret(word) ? ShellArguments.Secret : ShellArguments.None;
            found |= IsShell(word) ? ShellArguments.Shell : ShellArguments.None;
        }

        if (IsAddress(word))
        {
            found |= ShellArguments.Address;
        }

        if (ShellCommands.IsAdminWord(word))
        {
            found |= ShellArguments.AdminWord;
        }

        if ((found & ShellArguments.Path) == 0 && ShellCommands.TryFind(word, out _))
        {
            found |= ShellArguments.CommandName;
        }

        return found;
    }

    /// <summary>Whether a word is prose: letters, and the punctuation of a sentence.</summary>
    public static bool IsProse(ReadOnlySpan<char> word)
    {
        word = word.TrimEnd(".,!?:;".AsSpan());
        foreach (var c in word)
        {
            if (!char.IsLetter(c) && c is not ('\'' or '-' or '\u2019'))
            {
                return false;
            }
        }

        return word.Length > 0;
    }

    /// <summary>Whether a path, as written on a command line, names secrets or the system.</summary>
    public static bool IsSecret(ReadOnlySpan<char> word)
    {
        Span<char> resolved = stackalloc char[128];
        var reader = new PathReader(word.Length > 256 ? word[..256] : word, resolved);
        return reader.Next(out var facts)
            && (facts.IsAbsolute || facts.Climbs > 0 || word[0] is '~' or '%' or '$' ? SensitivePaths.OfAbsolute(reader.Resolved) >= SensitivePaths.System : SensitivePaths.OfTarget(reader.Resolved) == SensitivePaths.Secret);
    }

    /// <summary>Whether a word is a shell by its path.</summary>
    public static bool IsShell(ReadOnlySpan<char> word)
        => word.Length < 32 && (word.EndsWith("/sh", StringComparison.Ordinal) || word.EndsWith("/bash", StringComparison.Ordinal) || word.EndsWith("/zsh", StringComparison.Ordinal)
            || word.EndsWith("/dash", StringComparison.Ordinal) || word.EndsWith("/ksh", StringComparison.Ordinal) || word.EndsWith("cmd.exe", StringComparison.OrdinalIgnoreCase)
            || word.EndsWith("powershell.exe", StringComparison.OrdinalIgnoreCase));

    private static bool IsPath(ReadOnlySpan<char> word)
    {
        if (word[0] is '/' or '\\' or '~' or '*' || word.StartsWith("./", StringComparison.Ordinal) || word.StartsWith("..", StringComparison.Ordinal))
        {
            return true;
        }

        if (word.Length > 1 && word[1] == ':' && char.IsAsciiLetter(word[0]) && (word.Length == 2 || word[2] is '\\' or '/'))
        {
            return true;
        }

        if (word[0] is '%' or '$' && word.ContainsAny('\\', '/'))
        {
            return true;
        }

        // A name with an extension, or two folders.
        var dot = word.LastIndexOf('.');
        return (dot > 0 && word.Length - dot is > 1 and < 6 && char.IsAsciiLetter(word[dot + 1]) && !word.Contains('@') && word.IndexOf("://", StringComparison.Ordinal) < 0)
            || (word.Count('/') > 1 && word.IndexOf("://", StringComparison.Ordinal) < 0)
            || (word.ContainsAny(s_pathMarks) && word.EndsWith("/", StringComparison.Ordinal));
    }

    private static bool IsAddress(ReadOnlySpan<char> word)
    {
        if (word.IndexOf("://", StringComparison.Ordinal) > 0 || word.Equals("localhost", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        int dots = 0, digits = 0, letters = 0;
        foreach (var c in word)
        {
            dots += c == '.' ? 1 : 0;
            digits += char.IsAsciiDigit(c) ? 1 : 0;
            letters += char.IsAsciiLetter(c) ? 1 : 0;
        }

        return (dots == 3 && digits >= 4 && letters == 0) || (dots > 0 && letters > 2 && word[^1] != '.' && word[0] != '.');
    }

    private static bool IsNumber(ReadOnlySpan<char> word)
    {
        if (word.Count('.') > 1)
        {
            return false;
        }

        var body = word.Length > 1 && word[^1] is 's' or 'm' or 'h' ? word[..^1] : word;
        foreach (var c in body)
        {
            if (!char.IsAsciiDigit(c) && c != '.')
            {
                return false;
            }
        }

        return char.IsAsciiDigit(body[0]);
    }
}
