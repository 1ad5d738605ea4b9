namespace AgentGate.Policies.Targets;

/// <summary>
/// File paths. Slashes and backslashes divide, <c>//</c>, <c>.</c> and <c>..</c> are resolved, percent-encoding is read both ways, a
/// drive is lower case. What would mean something else to some file system is no path: a pattern, a device, a home folder.
/// </summary>
internal static class PathTarget
{
    /// <summary>Reads a path.</summary>
    /// <param name="text">The argument.</param>
    /// <param name="folder">The folder that relative paths start from; without one they are refused.</param>
    public static TargetReading Read(string text, string? folder) => TargetReading.Both(text, reading => One(reading, folder));

    private static TargetReading One(string text, string? folder)
    {
        if (TargetText.Check(ref text) is { } fault)
        {
            return TargetReading.No(fault);
        }

        var path = text.Replace('\\', '/');
        if (TargetText.SchemeLength(path) is var scheme and > 0)
        {
            if (!path.AsSpan(0, scheme).Equals("file", StringComparison.OrdinalIgnoreCase)
                || !(path.AsSpan(scheme + 1).StartsWith("///") || path.AsSpan(scheme + 1).StartsWith("//localhost/", StringComparison.OrdinalIgnoreCase)))
            {
                return TargetReading.No("it is an address and no path");
            }

            path = path[path.IndexOf('/', scheme + 3)..];
        }

        if (path.StartsWith("//?/", StringComparison.Ordinal) || path.StartsWith("//./", StringComparison.Ordinal))
        {
            return TargetReading.No("it names a device");
        }

        return Root(path, folder) is var (root, below, refused) && refused is null
            ? Resolved(root, below)
            : TargetReading.No(refused!);
    }

    private static (string Root, string Below, string? Fault) Root(string path, string? folder)
    {
        if (path[0] == '~')
        {
            return ("", "", "it starts from a home folder");
        }

        var drive = path[0] == '/' && path.Length > 2 && path[2] == ':' ? path.AsSpan(1) : path;
        if (drive.Length > 1 && drive[1] == ':' && char.IsAsciiLetter(drive[0]))
        {
            return drive.Length > 2 && drive[2] == '/'
                ? (char.ToLowerInvariant(drive[0]) + ":/", drive[3..].ToString(), null)
                : ("", "", "it is relative to a drive");
        }

        if (path[0] == '/')
        {
            return ("/", path, null);
        }

        return folder is null
            ? ("", "", "it is relative, and the argument's declaration has no Base that it could start from")
            : Root(folder.Replace('\\', '/').TrimEnd('/') + "/" + path, null);
    }

    private static TargetReading Resolved(string root, string below)
        => TargetText.Resolve(below, isFile: true, out var segments) is { } fault ? TargetReading.No(fault)
            : root != "/" && segments.Exists(static segment => segment.Contains(':', StringComparison.Ordinal)) ? TargetReading.No("a name in it names a stream of a file")
            : segments is ["proc", _, "root" or "cwd" or "fd" or "task", ..] ? TargetReading.No("it leads to another folder")
            : new(
                [
                    new Target(
                        new(PolicyNames.Path, root + string.Join('/', segments)),
                        TargetText.Folders(PolicyNames.Path, root, segments, alsoBare: false)),
                ],
                null);
}
