namespace AgentGate.Threats.Shell;

/// <summary>What the arguments of a command put in danger.</summary>
[Flags]
internal enum ShellHarm
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The root of a file system, a home, or a folder the system is made of.</summary>
    RootTarget = 1,

    /// <summary>A whole disk.</summary>
    DiskTarget = 2,

    /// <summary>Everything below, too.</summary>
    Recursive = 4,

    /// <summary>An option that exists to switch a safety off.</summary>
    NoSafety = 8,

    /// <summary>A whole drive of Windows.</summary>
    DriveTarget = 16,

    /// <summary>No question asked.</summary>
    Force = 32,
}

/// <summary>Knows the commands that destroy a machine, by what they are pointed at.</summary>
internal static class ShellHarms
{
    private static readonly string[] s_systemFolders = ["etc", "usr", "bin", "sbin", "boot", "lib", "lib64", "var", "home", "root", "dev", "sys", "proc", "opt", "*"];

    /// <summary>What a word does to a destructive command.</summary>
    public static ShellHarm Classify(ReadOnlySpan<char> word)
    {
        if (word.IsEmpty)
        {
            return ShellHarm.None;
        }

        if (word[0] == '-')
        {
            return Option(word);
        }

        if (word.StartsWith("of=", StringComparison.Ordinal))
        {
            word = word[3..];
        }

        if (word.StartsWith("/dev/", StringComparison.Ordinal))
        {
            return IsDisk(word[5..]) ? ShellHarm.DiskTarget : ShellHarm.None;
        }

        if (word.Length is 2 or 3 && word[0] == '/' && char.IsAsciiLetter(word[1]))
        {
            return word.Equals("/s", StringComparison.OrdinalIgnoreCase) ? ShellHarm.Recursive
                : word.Equals("/f", StringComparison.OrdinalIgnoreCase) || word.Equals("/q", StringComparison.OrdinalIgnoreCase) ? ShellHarm.Force : ShellHarm.None;
        }

        return IsDrive(word) ? ShellHarm.DriveTarget : IsRoot(word) ? ShellHarm.RootTarget : ShellHarm.None;
    }

    /// <summary>Whether a command with these arguments wrecks what it runs on.</summary>
    public static bool Wrecks(ReadOnlySpan<char> name, ShellHarm harm)
        => Is(name, "rm") ? (harm & ShellHarm.Recursive) != 0 && (harm & (ShellHarm.RootTarget | ShellHarm.NoSafety)) != 0
        : Is(name, "chmod") || Is(name, "chown") ? (harm & ShellHarm.Recursive) != 0 && (harm & ShellHarm.RootTarget) != 0
        : Is(name, "dd") || Is(name, "shred") || Is(name, "wipefs") || name.StartsWith("mkfs", StringComparison.OrdinalIgnoreCase) ? (harm & ShellHarm.DiskTarget) != 0
        : Is(name, "del") || Is(name, "erase") || Is(name, "rd") || Is(name, "rmdir") ? (harm & ShellHarm.DriveTarget) != 0 && (harm & (ShellHarm.Recursive | ShellHarm.Force)) != 0
        : Is(name, "format") && (harm & ShellHarm.DriveTarget) != 0;

    /// <summary>Whether a command can wreck anything at all.</summary>
    public static bool CanWreck(ReadOnlySpan<char> name)
        => Is(name, "rm") || Is(name, "chmod") || Is(name, "chown") || Is(name, "dd") || Is(name, "shred") || Is(name, "wipefs") || Is(name, "del") || Is(name, "erase")
            || Is(name, "rd") || Is(name, "rmdir") || Is(name, "format") || name.StartsWith("mkfs", StringComparison.OrdinalIgnoreCase);

    private static bool Is(ReadOnlySpan<char> name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static ShellHarm Option(ReadOnlySpan<char> word)
    {
        if (word.StartsWith("--", StringComparison.Ordinal))
        {
            return word.SequenceEqual("--no-preserve-root") ? ShellHarm.NoSafety : word.SequenceEqual("--recursive") ? ShellHarm.Recursive : word.SequenceEqual("--force") ? ShellHarm.Force : ShellHarm.None;
        }

        return (word.ContainsAny('r', 'R') ? ShellHarm.Recursive : ShellHarm.None) | (word.Contains('f') ? ShellHarm.Force : ShellHarm.None);
    }

    private static bool IsDisk(ReadOnlySpan<char> device)
        => (device.Length == 3 && device[1] == 'd' && device[0] is 's' or 'h' or 'v' or 'x' && char.IsAsciiLetterLower(device[2]))
            || (device.StartsWith("nvme", StringComparison.Ordinal) && device.Length is 7 && device[5] == 'n')
            || (device.StartsWith("mmcblk", StringComparison.Ordinal) && device.Length == 7)
            || (device.StartsWith("disk", StringComparison.Ordinal) && device.Length == 5);

    private static bool IsDrive(ReadOnlySpan<char> word)
        => word.Length >= 2 && word[1] == ':' && char.IsAsciiLetter(word[0]) && word[2..].Trim("\\/*.".AsSpan()).IsEmpty;

    private static bool IsRoot(ReadOnlySpan<char> word)
    {
        if (word is "~" or "~/" or "~/*" or "$HOME" or "${HOME}" or "$HOME/" or "$HOME/*")
        {
            return true;
        }

        // An output that is named by nothing ("of=") is no target.
        if (word is not ['/', ..])
        {
            return false;
        }

        var inside = word.Trim("/.".AsSpan());
        inside = inside.EndsWith("/*", StringComparison.Ordinal) ? inside[..^2] : inside;
        if (inside.IsEmpty)
        {
            return true;
        }

        foreach (var folder in s_systemFolders)
        {
            if (inside.SequenceEqual(folder))
            {
                return true;
            }
        }

        return false;
    }
}
