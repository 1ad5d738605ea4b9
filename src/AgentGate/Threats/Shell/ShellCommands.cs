using System.Collections.Frozen;

namespace AgentGate.Threats.Shell;

/// <summary>What the words behind a command's name must look like before the name is taken for the command.</summary>
internal enum ShellShape
{
    /// <summary>No command.</summary>
    None,

    /// <summary>The name says it all: no other meaning.</summary>
    Lone,

    /// <summary>Reads or changes files: a path or an option.</summary>
    Files,

    /// <summary>Talks to the network: an address or an option.</summary>
    Network,

    /// <summary>Waits: a number, and nothing else.</summary>
    Wait,

    /// <summary>Runs what it is given: an option, a script, or its input.</summary>
    Interpreter,

    /// <summary>Prints: any words.</summary>
    Print,

    /// <summary>Steers the machine: a verb or an option of its own.</summary>
    Admin,

    /// <summary>Asks for a program: the name of one.</summary>
    Lookup,

    /// <summary>Runs the words behind it: its own arguments are passed over.</summary>
    Prefix,
}

/// <summary>A command.</summary>
/// <param name="Name">Its name, in lower case.</param>
/// <param name="Shape">What must stand behind it.</param>
/// <param name="IsBareOk">Whether it also means something with nothing behind it.</param>
internal readonly record struct ShellCommand(string Name, ShellShape Shape, bool IsBareOk)
{
    /// <summary>No command.</summary>
    public static ShellCommand None => new("", ShellShape.None, false);
}

/// <summary>The commands intruders use, with what tells them from the English word of the same spelling.</summary>
internal static class ShellCommands
{
    private static readonly FrozenDictionary<string, ShellCommand> s_commands = Build();
    private static readonly FrozenDictionary<string, ShellCommand>.AlternateLookup<ReadOnlySpan<char>> s_byName = s_commands.GetAlternateLookup<ReadOnlySpan<char>>();
    private static readonly (uint Letters, KeyValuePair<string, ShellCommand> Known)[] s_globbed = [.. s_commands.Select(known => (LettersOf(known.Key), known))];
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_adminWords = Set(
        "user", "localgroup", "group", "view", "share", "use", "start", "stop", "accounts", "add", "delete", "query", "save", "import", "export", "firewall", "advfirewall",
        "interface", "wlan", "print", "create", "config", "process", "os", "list", "get", "useraccount", "create", "restart", "status", "enable", "disable", "flush", "addr",
        "a", "r", "link", "route", "reload");

    /// <summary>Looks a command up by the last segment of its path; globs are matched against the names where asked.</summary>
    public static bool TryFind(ReadOnlySpan<char> word, out ShellCommand command, bool withGlobs = false)
    {
        var name = word[(word.LastIndexOfAny('/', '\\') + 1)..];
        if (name.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".com", StringComparison.OrdinalIgnoreCase))
        {
            name = name[..^4];
        }

        command = ShellCommand.None;
        if (name.Length is 0 or > 24)
        {
            return false;
        }

        if (s_byName.TryGetValue(name, out var found))
        {
            command = found;
            return true;
        }

        if (name.StartsWith("mkfs.", StringComparison.Ordinal))
        {
            return s_byName.TryGetValue("mkfs", out command);
        }

        if (withGlobs && name.Length > 1 && name.ContainsAny('?', '*', '['))
        {
            return TryGlob(word, name, out command);
        }

        // Versions: python3.11, perl5, php8.
        var plain = name.TrimEnd("0123456789.".AsSpan());
        if (plain.Length < name.Length && plain.Length > 2 && s_byName.TryGetValue(plain, out command) && command.Shape == ShellShape.Interpreter)
        {
            return true;
        }

        command = ShellCommand.None;
        return false;
    }

    /// <summary>Whether a word is a verb of one of the commands that steer the machine.</summary>
    public static bool IsAdminWord(ReadOnlySpan<char> word) => s_adminWords.Contains(word);

    // A glob names a command only where it stands for a path, or leaves at least two letters of the name.
    private static bool TryGlob(ReadOnlySpan<char> word, ReadOnlySpan<char> name, out ShellCommand command)
    {
        command = ShellCommand.None;
        var count = 0;
        foreach (var c in name)
        {
            count += char.IsAsciiLetter(c) ? 1 : 0;
        }

        if (word[0] != '/' && count < 2)
        {
            return false;
        }

        // Outside of brackets every letter stands for itself, so a name without one of them is not asked.
        var needed = name.Contains('[') ? 0 : LettersOf(name);
        foreach (var (letters, known) in s_globbed)
        {
            if ((needed & ~letters) == 0 && Matches(name, known.Key))
            {
                command = known.Value;
                return true;
            }
        }

        return false;
    }

    private static uint LettersOf(ReadOnlySpan<char> name)
    {
        var letters = 0u;
        foreach (var c in name)
        {
            letters |= char.IsAsciiLetter(c) ? 1u << (c & 31) : 0;
        }

        return letters;
    }

    private static bool Matches(ReadOnlySpan<char> glob, ReadOnlySpan<char> name)
    {
        int g = 0, n = 0, star = -1, mark = 0;
        while (n < name.Length)
        {
            if (g < glob.Length && glob[g] == '[' && glob[g..].IndexOf(']') is > 1 and var close)
            {
                if (glob.Slice(g + 1, close - 1).Contains(name[n]) || glob[g + 1] is '!' or '^' || glob.Slice(g, close).Contains('-'))
                {
                    g += close + 1;
                    n++;
                    continue;
                }
            }
            else if (g < glob.Length && (glob[g] == '?' || char.ToLowerInvariant(glob[g]) == name[n]))
            {
                g++;
                n++;
                continue;
            }
            else if (g < glob.Length && glob[g] == '*')
            {
                star = g++;
                mark = n;
                continue;
            }

            if (star < 0)
            {
                return false;
            }

            g = star + 1;
            n = ++mark;
        }

        while (g < glob.Length && glob[g] == '*')
        {
            g++;
        }

        return g == glob.Length;
    }

    private static FrozenDictionary<string, ShellCommand> Build()
    {
        var commands = new Dictionary<string, ShellCommand>(StringComparer.OrdinalIgnoreCase);
        Add(ShellShape.Lone, true, "whoami", "ifconfig", "ipconfig", "netstat", "uname", "systeminfo", "sysinfo", "tasklist", "getent", "lsof", "printenv", "phpinfo", "lsb_release", "arp", "dmesg", "lsblk", "hostnamectl");
        Add(ShellShape.Files, true, "id", "ls", "dir", "pwd", "ps", "w", "who", "cat", "env", "hostname", "df", "mount", "set", "ver", "vol");
        Add(ShellShape.Files, false, "tac", "nl", "more", "less", "head", "tail", "od", "xxd", "hexdump", "strings", "type", "get-content", "gc", "cp", "copy", "mv", "move", "rm", "del",
            "erase", "rmdir", "rd", "touch", "mkdir", "find", "locate", "grep", "egrep", "fgrep", "awk", "sed", "cut", "sort", "uniq", "wc", "tee", "xargs", "chmod", "chown", "chgrp", "ln",
            "tar", "zip", "unzip", "gzip", "base64", "rev", "paste", "diff", "file", "stat", "du", "tree", "vi", "vim", "nano", "ed", "dd", "shred", "attrib", "icacls", "cd", "wall", "mail", "git");
        Add(ShellShape.Network, true, "ping");
        Add(ShellShape.Network, false, "wget", "curl", "nc", "ncat", "netcat", "telnet", "nslookup", "dig", "host", "traceroute", "tracert", "ssh", "scp", "sftp", "ftp", "tftp", "rsync", "socat",
            "invoke-webrequest", "iwr", "invoke-restmethod", "certutil", "bitsadmin", "fetch", "lynx", "ping6", "nmap", "openssl", "mail", "sendmail", "aria2c", "axel");
        Add(ShellShape.Wait, false, "sleep", "usleep");
        Add(ShellShape.Interpreter, true, "sh", "bash", "zsh", "ksh", "csh", "tcsh", "dash", "ash", "fish", "busybox", "cmd", "powershell", "pwsh", "wscript", "cscript", "mshta");
        Add(ShellShape.Interpreter, false, "python", "perl", "ruby", "php", "node", "lua", "java", "gcc", "make", "rundll32", "regsvr32", "eval", "source", "expect", "irb", "jrunscript", "iex", "invoke-expression", "start-process");
        Add(ShellShape.Print, false, "echo", "printf", "print");
        Add(ShellShape.Admin, false, "net", "net1", "netsh", "reg", "route", "sc", "schtasks", "wmic", "systemctl", "service", "kill", "killall", "pkill", "iptables", "ip", "crontab", "useradd", "adduser", "usermod",
            "userdel", "passwd", "shutdown", "reboot", "halt", "poweroff", "mkfifo", "mknod", "chattr", "modprobe", "insmod", "query", "bcdedit", "vssadmin", "diskpart", "cipher", "fdisk", "export", "history", "last", "for", "su", "mkfs", "format", "wipefs");
        Add(ShellShape.Lookup, false, "which", "where", "whereis", "command");
        Add(ShellShape.Prefix, false, "sudo", "nohup", "exec", "time", "doas", "env", "start", "call", "setsid", "nice");
        return commands.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

        void Add(ShellShape shape, bool isBareOk, params string[] names)
        {
            foreach (var name in names)
            {
                commands.TryAdd(name, new(name, shape, isBareOk));
            }
        }
    }

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Set(params string[] names)
        => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
}
