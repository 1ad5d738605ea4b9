using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using AgentGate.Cedar.Entities;
using AgentGate.Pipeline;

namespace AgentGate.Policies.Targets;

/// <summary>What every kind of target asks of its text, and the folders of those that have some.</summary>
internal static class TargetText
{
    /// <summary>The longest text of a target.</summary>
    private const int LengthMax = 4096;

    /// <summary>The most folders in one path: each of them is something a policy can name.</summary>
    public const int DepthMax = 128;

    /// <summary>Letters that some readers take for a slash, a backslash or a dot.</summary>
    private static readonly SearchValues<char> s_lookalikes = SearchValues.Create("\u00a5\u2024\u2025\u2026\u2044\u2215\u2216\u29f5\u29f8\u29f9\ufe52\ufe68\uff0e\uff0f\uff3c");

    /// <summary>Why a text can be no target of any kind; <see langword="null"/> where it can. The text comes back in its normal form.</summary>
    public static string? Check(ref string text)
    {
        if (text.Length is 0 or > LengthMax)
        {
            return text.Length == 0 ? "it is empty" : "it is too long";
        }

        foreach (var c in text)
        {
            if (char.IsControl(c))
            {
                return "it holds a control character";
            }
        }

        if (text.AsSpan().IndexOfAny(s_lookalikes) >= 0)
        {
            return "it holds a letter that looks like a slash or a dot";
        }

        if (char.IsWhiteSpace(text[0]) || char.IsWhiteSpace(text[^1]))
        {
            // Tools trim their arguments, all of Unicode's blanks.
            return "it begins or ends with a space";
        }

        if (!Wildcard.IsComparable(text))
        {
            return "it can be spelled in more than one way";
        }

        text = text.IsNormalized(NormalizationForm.FormC) ? text : text.Normalize(NormalizationForm.FormC);
        return null;
    }

    /// <summary>Takes empty, <c>.</c> and <c>..</c> segments out of a path. The fault, where a segment is not plain.</summary>
    /// <param name="path">The path, divided by slashes.</param>
    /// <param name="isFile">Whether it is one of a file system: no patterns, and no names that Windows would take for others.</param>
    /// <param name="segments">The segments that are left.</param>
    public static string? Resolve(ReadOnlySpan<char> path, bool isFile, out List<string> segments)
    {
        segments = [];
        foreach (var range in path.Split('/'))
        {
            var segment = path[range];
            if (segment is "" or ".")
            {
                continue;
            }

            if (segment is "..")
            {
                // The folder above the root is the root.
                if (segments.Count > 0)
                {
                    segments.RemoveAt(segments.Count - 1);
                }

                continue;
            }

            if (isFile && (segment[^1] == '.' || char.IsWhiteSpace(segment[^1])))
            {
                return "a name in it ends with a dot or a space, which some systems leave out";
            }

            if (isFile && (IsShortName(segment) || segment.IndexOf("::") >= 0 || segment.IndexOf(":$") >= 0))
            {
                return "a name in it stands for another one on some systems";
            }

            if (isFile && segment.IndexOfAny('*', '?') >= 0)
            {
                return "it is a pattern and may mean many";
            }

            segments.Add(segment.ToString());
        }

        return segments.Count > DepthMax ? "it is too deep" : null;
    }

    /// <summary>What a path is in: each folder above it, nearest first, down to the root.</summary>
    /// <param name="type">The type of the folders.</param>
    /// <param name="root">What stands before the first segment, with its slash.</param>
    /// <param name="segments">The segments of the path.</param>
    /// <param name="alsoBare">Whether the root without its slash names it too.</param>
    public static ImmutableArray<EntityUid> Folders(EntityTypeName type, string root, List<string> segments, bool alsoBare)
    {
        var folders = ImmutableArray.CreateBuilder<EntityUid>(segments.Count + 1);
        for (var count = segments.Count - 1; count > 0; count--)
        {
            folders.Add(new EntityUid(type, root + string.Join('/', segments.Take(count))));
        }

        if (segments.Count > 0)
        {
            folders.Add(new EntityUid(type, root));
        }

        if (alsoBare)
        {
            folders.Add(new EntityUid(type, root[..^1]));
        }

        return folders.ToImmutable();
    }

    /// <summary>Whether a name has the form that Windows gives to a longer one beside it: <c>PROGRA~1.TXT</c>.</summary>
    private static bool IsShortName(ReadOnlySpan<char> name)
    {
        var dot = name.IndexOf('.');
        var (stem, extension) = dot < 0 ? (name.Length, 0) : (dot, name.Length - dot - 1);
        var tilde = name[..stem].LastIndexOf('~');
        return tilde > 0 && tilde < stem - 1 && stem <= 8 && extension <= 3 && name[(tilde + 1)..stem].IndexOfAnyExceptInRange('0', '9') < 0;
    }

    /// <summary>The length of the scheme a text begins with; 0 where it has none. One letter is a drive and no scheme.</summary>
    public static int SchemeLength(ReadOnlySpan<char> text)
    {
        var colon = text.IndexOf(':');
        if (colon < 2 || !char.IsAsciiLetter(text[0]))
        {
            return 0;
        }

        foreach (var c in text[..colon])
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '.' or '-'))
            {
                return 0;
            }
        }

        return colon;
    }
}
