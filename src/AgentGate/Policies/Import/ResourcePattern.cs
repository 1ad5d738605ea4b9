using System.Text;

namespace AgentGate.Policies.Import;

/// <summary>Resource patterns of 1.0 in the form resources have when they reach a policy, so that a pattern and what it means agree.</summary>
internal static class ResourcePattern
{
    private static readonly (string Scheme, string Port)[] DefaultPorts = [("http://", ":80"), ("https://", ":443"), ("ws://", ":80"), ("wss://", ":443")];

    /// <summary>
    /// The pattern without doubled slashes and dot segments, its scheme in lower case, in Unicode's form C. A final star stays. A path
    /// of Windows has slashes, a file address is its path, and a default port is left out: else a deny of 1.0 would hold for nothing.
    /// </summary>
    public static string Normalise(string pattern)
    {
        var text = Rooted(pattern.Trim().Normalize(NormalizationForm.FormC));
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var head = scheme < 0 ? "" : text[..(scheme + 3)].ToLowerInvariant();
        var path = text[head.Length..];
        if (!path.Contains('/', StringComparison.Ordinal))
        {
            return head + path;
        }

        var rooted = path.StartsWith('/');
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            switch (part)
            {
                case "" or ".":
                    break;
                case ".." when parts.Count > 0:
                    parts.RemoveAt(parts.Count - 1);
                    break;
                case ".." when rooted:
                    break;
                default:
                    parts.Add(part);
                    break;
            }
        }

        return head + (rooted ? "/" : "") + string.Join('/', parts);
    }

    private static string Rooted(string text)
    {
        if (text.StartsWith("file:///", StringComparison.OrdinalIgnoreCase))
        {
            text = text["file://".Length..];
        }

        if (text.StartsWith('\\') || (text.Length > 2 && text[1] == ':' && char.IsAsciiLetter(text[0]) && text[2] is '\\' or '/'))
        {
            text = text.Replace('\\', '/');
            return text.Length > 1 && text[1] == ':' ? char.ToLowerInvariant(text[0]) + text[1..] : text;
        }

        foreach (var (scheme, port) in DefaultPorts)
        {
            if (text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
                && (text.IndexOf('/', scheme.Length) is var slash and >= 0 ? slash : text.Length) - port.Length is var at
                && at > scheme.Length && text.AsSpan(at, port.Length).SequenceEqual(port))
            {
                return text.Remove(at, port.Length);
            }
        }

        return text;
    }
}
