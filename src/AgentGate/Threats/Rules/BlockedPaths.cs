namespace AgentGate.Threats.Rules;

/// <summary>
/// Paths an argument may not name. Only a text that is a path as a whole is one: declared so, or written as an absolute path,
/// a home folder, a relative path with dots, or a <c>file:</c> address. Resolved as text; the disk is never asked.
/// </summary>
internal sealed class BlockedPaths
{
    /// <summary>The longest path of the systems we know (PATH_MAX of Linux); what is longer names nothing.</summary>
    private const int MaxLength = 4096;

    private readonly string[] _folders;

    public BlockedPaths(IEnumerable<string> paths)
        => _folders = [.. paths.Select(path => Resolve(path)).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Whether an argument names a blocked path.</summary>
    /// <param name="text">One reading of the argument.</param>
    /// <param name="isDeclared">Whether the tool declares it to be a path.</param>
    public bool Blocks(ReadOnlySpan<char> text, bool isDeclared)
    {
        text = text.Trim();
        if (_folders.Length == 0 || text.IsEmpty || text.Length > MaxLength || !(isDeclared || IsPath(text)))
        {
            return false;
        }

        var path = Resolve(text.ToString());
        foreach (var folder in _folders)
        {
            if (path.StartsWith(folder, StringComparison.OrdinalIgnoreCase)
                && (path.Length == folder.Length || (!folder.EndsWith('/') && path[folder.Length] == '/')))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether prose could not be written like this.</summary>
    private static bool IsPath(ReadOnlySpan<char> text)
        => !text.ContainsAny('\n', '\r', '\t') && (
            (text[0] is '/' or '\\' && !text.Contains(' '))
            || text is "/" or "\\"
            || (text.Length > 2 && char.IsAsciiLetter(text[0]) && text[1] == ':' && text[2] is '/' or '\\')
            || (text.Length == 2 && char.IsAsciiLetter(text[0]) && text[1] == ':')
            || text.StartsWith("file:", StringComparison.OrdinalIgnoreCase)
            || (!text.Contains(' ') && (text.StartsWith("~/", StringComparison.Ordinal) || text.StartsWith("~\\", StringComparison.Ordinal)
                || text.Contains("/../", StringComparison.Ordinal) || text.Contains("\\..\\", StringComparison.Ordinal)))
            || text.StartsWith("../", StringComparison.Ordinal) || text.StartsWith("..\\", StringComparison.Ordinal));

    /// <summary>One spelling for one path. A relative path that leaves its folder is taken to reach the root: nobody knows how deep it starts.</summary>
    private static string Resolve(string text)
    {
        var path = text.Replace('\\', '/');

        // Windows takes what follows these as the path itself.
        path = path.StartsWith("//?/", StringComparison.Ordinal) || path.StartsWith("//./", StringComparison.Ordinal) ? path[4..] : path;
        if (path.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            path = path[5..];
            path = path.StartsWith("//localhost/", StringComparison.OrdinalIgnoreCase) ? path[11..] : path;
            path = "/" + path.TrimStart('/');
            path = path.Length > 2 && path[2] == ':' ? path[1..] : path;
        }

        var drive = path.Length > 1 && path[1] == ':' ? path[..2] : "";
        path = path[drive.Length..];
        var cut = path.IndexOf('\0', StringComparison.Ordinal);
        path = cut < 0 ? path : path[..cut];
        var isAbsolute = path.StartsWith('/') || drive.Length > 0;
        var parts = new List<string>();
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                if (parts.Count > 0)
                {
                    parts.RemoveAt(parts.Count - 1);
                }
                else
                {
                    isAbsolute = true;
                }
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        // Climbing to nowhere in particular names no folder.
        return isAbsolute && parts.Count == 0 && path.StartsWith('.') ? "." : drive + (isAbsolute ? "/" : "") + string.Join('/', parts);
    }
}
