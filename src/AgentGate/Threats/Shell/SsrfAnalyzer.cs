using System.Buffers;
using AgentGate.Threats.Detection;

namespace AgentGate.Threats.Shell;

/// <summary>
/// Reads a text as addresses to fetch and judges where a client of ours would end up: on this machine, in this network,
/// at a cloud's metadata service, or at another host than the one a person sees.
/// </summary>
internal sealed class SsrfAnalyzer : IThreatAnalyzer
{
    private const int AuthorityMax = 256;
    private static readonly SearchValues<string> s_marks = SearchValues.Create(["//", "\\\\", "/\\", "\\/", ":/", "http:", "https:", "169.254.169.254", "metadata.google", "jar:", "dict:", "gopher:"], StringComparison.OrdinalIgnoreCase);
    private static readonly SearchValues<char> s_authorityEnd = SearchValues.Create("/?#\\ \t\r\n\"'<>`,;|)}");
    private static readonly string[] s_strange = ["gopher", "dict", "tftp", "netdoc", "jar", "ldaps", "ldap", "sftp", "imap", "smtp", "rmi", "mailto", "file", "ftp"];
    private static readonly string[] s_names = ["169.254.169.254", "metadata.google.internal"];

    public ThreatFamily Family => ThreatFamily.Ssrf;

    public bool MayMatch(ReadOnlySpan<char> text) => text.ContainsAny(s_marks);

    public void Analyze(in ThreatText text, ThreatHits hits)
    {
        var reading = text.Text;
        Leading(in text, hits);
        var at = 0;
        while (at < reading.Length)
        {
            var next = reading[at..].IndexOf("//");
            if (next < 0)
            {
                break;
            }

            at += next;
            if (at > 0 && reading[at - 1] == ':')
            {
                Url(in text, at, hits);
            }

            at += 2;
        }

        foreach (var name in s_names)
        {
            var found = reading.IndexOf(name, StringComparison.OrdinalIgnoreCase);
            if (found >= 0 && hits.Top < 60)
            {
                Add(in text, hits, "ssrf.metadata", found, name.Length, reading.Length < name.Length + 24 ? 80 : 55, 50);
            }
        }
    }

    private static void Url(in ThreatText text, int slashes, ThreatHits hits)
    {
        var reading = text.Text;
        var start = slashes - 1;
        while (start > 0 && slashes - start < 16 && (char.IsAsciiLetterOrDigit(reading[start - 1]) || reading[start - 1] is '+' or '-' or '.'))
        {
            start--;
        }

        var scheme = reading[start..(slashes - 1)];
        var behind = reading[(slashes + 2)..Math.Min(reading.Length, slashes + 2 + AuthorityMax)];

        // Clients that follow the WHATWG URL standard skip any number of slashes and backslashes.
        var skip = 0;
        while (skip < behind.Length && behind[skip] is '/' or '\\' && !scheme.Equals("file", StringComparison.OrdinalIgnoreCase))
        {
            skip++;
        }

        var authority = behind[skip..];
        var end = authority.IndexOfAny(s_authorityEnd);
        authority = end < 0 ? authority : authority[..end];
        var tail = end < 0 ? default : behind[(skip + end)..];
        var isFree = text.Context != ThreatContext.Argument || text.Kind != ArgumentKind.Url;
        var isTold = isFree && start > 0 && char.IsWhiteSpace(reading[start - 1]) && reading[..start].Trim().Length > 0;
        var place = new UrlPlace(start, slashes + 2 + skip + authority.Length - start, isTold);

        if (reading[..start].EndsWith("jar:", StringComparison.OrdinalIgnoreCase))
        {
            scheme = "jar";
        }

        if (Scheme(in text, scheme, authority, in place, hits))
        {
            return;
        }

        var sign = authority.LastIndexOf('@');
        var host = Host(sign < 0 ? authority : authority[(sign + 1)..]);
        var reach = AddressReader.Read(host, out var isDisguised);
        if (reach != AddressReach.Public)
        {
            Internal(in text, reach, isDisguised || sign >= 0 || skip > 0, in place, hits);
            return;
        }

        if (sign > 0 && LooksLikeHost(authority[..sign]))
        {
            Add(in text, hits, "ssrf.authority", place.Start, place.Length, 60, 50);
        }
        else if (isDisguised)
        {
            Add(in text, hits, "ssrf.disguise", place.Start, place.Length, 60, 40);
        }

        // "http://127.0.0.1#@ok.com", "http://ok.com\@127.0.0.1": two readers, two hosts.
        if (tail.Length > 1 && tail[0] is '\\' or '#' && tail[1..].IndexOf('@') is >= 0 and < 4)
        {
            var other = tail[(tail.IndexOf('@') + 1)..];
            var stop = other.IndexOfAny(s_authorityEnd);
            var real = AddressReader.Read(Host(stop < 0 ? other : other[..stop]), out _);
            Add(in text, hits, "ssrf.authority", place.Start, place.Length, real == AddressReach.Public ? 60 : 85, real == AddressReach.Public ? 40 : 70);
        }
    }

    private static bool Scheme(in ThreatText text, ReadOnlySpan<char> scheme, ReadOnlySpan<char> authority, in UrlPlace place, ThreatHits hits)
    {
        var isKnown = false;
        foreach (var name in s_strange)
        {
            isKnown |= scheme.Equals(name, StringComparison.OrdinalIgnoreCase);
        }

        if (!isKnown || scheme.Equals("ftp", StringComparison.OrdinalIgnoreCase) || scheme.Equals("sftp", StringComparison.OrdinalIgnoreCase) || scheme.Equals("mailto", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var isFile = scheme.Equals("file", StringComparison.OrdinalIgnoreCase);
        var isDirectory = scheme.StartsWith("ldap", StringComparison.OrdinalIgnoreCase) || scheme.StartsWith("rmi", StringComparison.OrdinalIgnoreCase);
        var score = isFile || isDirectory ? (text.Kind == ArgumentKind.Url ? 70 : 60) : 80;
        Add(in text, hits, isFile ? "ssrf.file" : "ssrf.scheme", place.Start, place.Length, place.IsTold ? score - 25 : score, isFile || authority.IsEmpty ? 30 : 60);
        return true;
    }

    private static void Internal(in ThreatText text, AddressReach reach, bool isDisguised, in UrlPlace place, ThreatHits hits)
    {
        if (reach == AddressReach.Metadata)
        {
            Add(in text, hits, "ssrf.metadata", place.Start, place.Length, 95, 85);
            return;
        }

        var score = isDisguised ? 85 : 70;

        // In a sentence an address of this network is something to talk about; as a value it is something to fetch.
        Add(in text, hits, reach == AddressReach.Loopback ? "ssrf.loopback" : reach == AddressReach.Link ? "ssrf.link" : "ssrf.private", place.Start, place.Length, place.IsTold && !isDisguised ? 45 : score, isDisguised ? 70 : 40);
    }

    // Addresses that leave a site though they look like paths of it.
    private static void Leading(in ThreatText text, ThreatHits hits)
    {
        if (text.Context != ThreatContext.Argument)
        {
            return;
        }

        var reading = text.Text.Trim();
        if (reading.Length is < 4 or > AuthorityMax || reading.ContainsAny(' ', '\n'))
        {
            return;
        }

        var slashes = reading.IndexOfAnyExcept('/', '\\');
        slashes = slashes < 0 ? reading.Length : slashes;
        if (slashes >= 2 && slashes < reading.Length)
        {
            var host = reading[slashes..];
            var end = host.IndexOfAny(s_authorityEnd);
            host = end < 0 ? host : host[..end];
            var isMixed = reading[..slashes].ContainsAny('\\', '\\') && reading[..slashes].Contains('/');
            if (LooksLikeHost(host) && (isMixed || slashes > 2 || reading[0] == '/'))
            {
                Add(in text, hits, "ssrf.relative", 0, text.Text.Length, isMixed || slashes > 2 ? 60 : text.Kind == ArgumentKind.Url ? 55 : 50, 0);
            }
        }

        var scheme = reading.TrimStart("/\\".AsSpan());
        var isSlashed = scheme.Length < reading.Length;
        var length = scheme.StartsWith("https:", StringComparison.OrdinalIgnoreCase) ? 6 : scheme.StartsWith("http:", StringComparison.OrdinalIgnoreCase) ? 5 : 0;
        if (length > 0 && length < scheme.Length && (isSlashed || scheme[length] is not '/'))
        {
            var host = scheme[length..].TrimStart("/\\".AsSpan());
            var end = host.IndexOfAny(s_authorityEnd);
            host = end < 0 ? host : host[..end];
            host = Host(host[(host.LastIndexOf('@') + 1)..]);
            var reach = AddressReader.Read(host, out var isDisguised);
            if (reach != AddressReach.Public || isDisguised || LooksLikeHost(host))
            {
                Add(in text, hits, "ssrf.relative", 0, text.Text.Length, reach == AddressReach.Public ? 55 : 80, 0);
            }
        }
    }

    private static ReadOnlySpan<char> Host(ReadOnlySpan<char> authority)
    {
        if (!authority.IsEmpty && authority[0] == '[')
        {
            var close = authority.IndexOf(']');
            return close < 0 ? authority : authority[..(close + 1)];
        }

        var colon = authority.IndexOf(':');
        return colon < 0 ? authority : authority[..colon];
    }

    // A name with a top level, as people read it: "www.bank.com" in front of an "@" is there to be taken for the host.
    private static bool LooksLikeHost(ReadOnlySpan<char> name)
    {
        name = name[(name.LastIndexOf('@') + 1)..];
        var colon = name.IndexOf(':');
        name = colon < 0 ? name : name[..colon];
        var dot = name.LastIndexOf('.');
        if (dot <= 0 || name.Length - dot is < 3 or > 8 || name.ContainsAny("%=&*".AsSpan()))
        {
            return false;
        }

        var top = name[(dot + 1)..];
        return top is "com" or "org" or "net" or "io" or "co" or "tld" or "dev" or "edu" or "gov" or "info" or "ru" or "cn" or "uk" or "de" or "fr" or "app" or "xyz" or "me" or "us" or "eu";
    }

    private static void Add(in ThreatText text, ThreatHits hits, string rule, int start, int length, int argument, int chat)
    {
        var score = text.Context switch { ThreatContext.Argument => argument, ThreatContext.Chat => chat, _ => Math.Min(chat, 40) };
        if (score > 0)
        {
            hits.Add(rule, ThreatFamily.Ssrf, score < 50 ? ThreatSeverity.Medium : ThreatSeverity.High, start, length, score);
        }
    }

    private readonly record struct UrlPlace(int Start, int Length, bool IsTold);
}
