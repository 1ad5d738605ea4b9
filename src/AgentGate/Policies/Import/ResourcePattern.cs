using System.Text;

namespace AgentGate.Policies.Import;

/// <summary>Resource patterns of 1.0 in the form resources have when they reach a policy, so that a pattern and what it means agree.</summary>
internal static class ResourcePattern
{
    /// <summary>The pattern without doubled slashes and dot segments, its scheme in lower case, in Unicode's form C. A final star stays.</summary>
    public static string Normalise(string pattern)
    {
        var text = pattern.Trim().Normalize(NormalizationForm.FormC);
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
}
