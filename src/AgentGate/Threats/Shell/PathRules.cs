namespace AgentGate.Threats.Shell;

/// <summary>Where a path stands in its text.</summary>
/// <param name="IsWhole">Whether it is the text.</param>
/// <param name="IsAlone">Whether it is the text, or a value of a text without spaces, as in a query.</param>
/// <param name="IsValue">Whether it begins the text, or a quoted or assigned value of it.</param>
internal readonly record struct PathPlace(bool IsWhole, bool IsAlone, bool IsValue);

/// <summary>What a rule says.</summary>
internal readonly record struct PathVerdict(string Rule, int Score);

/// <summary>Judges what a path does. The scores are certainties in the context the path stands in.</summary>
internal static class PathRules
{
    private const int Block = 90;
    private const int CodeMax = 60;
    private static readonly string[] s_wrappers = ["php://", "expect://", "phar://", "zip://", "compress.zlib://", "compress.bzip2://", "glob://", "ogg://", "rar://", "ssh2.", "data://", "php:expect:", "data:application/x-httpd", "convert.iconv.", "convert.base64-"];

    public static bool Judge(
        in PathFacts path, ReadOnlySpan<char> resolved, ReadOnlySpan<char> raw, ThreatContext context, ArgumentKind kind, PathPlace place, out PathVerdict verdict)
    {
        verdict = default;
        var best = default(PathVerdict);
        if (path.Climbs > 0 || path.OddDots > 0 || path.EncodedSlashes > 0 || path.Stays > 1 || path.HasNul)
        {
            Climb(in path, resolved, context, kind, place, ref best);
        }

        if (best.Score < Block && context == ThreatContext.Argument && place.IsAlone)
        {
            Place(in path, resolved, raw, kind, ref best);
        }

        // Nothing reads a path out of a block of code.
        verdict = context == ThreatContext.Code ? best with { Score = Math.Min(best.Score, CodeMax) } : best;
        return best.Score > 0;
    }

    /// <summary>Paths that are programs: stream wrappers of PHP.</summary>
    public static bool JudgeWrapper(ReadOnlySpan<char> text, ThreatContext context, out PathVerdict verdict, out int start, out int length)
    {
        verdict = default;
        start = length = 0;
        foreach (var wrapper in s_wrappers)
        {
            var at = text.IndexOf(wrapper, StringComparison.OrdinalIgnoreCase);
            if (at < 0 || (at > 0 && char.IsAsciiLetterOrDigit(text[at - 1])) || at + wrapper.Length >= text.Length || char.IsWhiteSpace(text[at + wrapper.Length]))
            {
                continue;
            }

            var isValue = at == 0 || text[at - 1] is '=' or '/' or '|' or '&';
            start = at;
            length = wrapper.Length;
            verdict = new("path.wrapper", context == ThreatContext.Argument ? (isValue ? 80 : 45) : at == 0 && isValue ? 76 : 40);
            return true;
        }

        return false;
    }

    private static void Climb(in PathFacts path, ReadOnlySpan<char> resolved, ThreatContext context, ArgumentKind kind, PathPlace place, ref PathVerdict best)
    {
        var target = resolved.IsEmpty ? SensitivePaths.None : Math.Max(SensitivePaths.OfTarget(resolved), path.Escape > 0 || path.IsAbsolute ? SensitivePaths.OfAbsolute(resolved) : SensitivePaths.None);
        var isArgument = context == ThreatContext.Argument;
        var isEncoded = path.EncodedClimbs > 0 || path.EncodedSlashes > 0;

        if (path.Escape > 0 && target >= SensitivePaths.System)
        {
            Take(ref best, "path.target", isArgument ? 95 : context == ThreatContext.Chat ? (path.Climbs > 1 || isEncoded ? 85 : 70) : 60);
        }
        else if (path.EncodedClimbs > 0)
        {
            Take(ref best, "path.encoded", isArgument ? (path.EncodedClimbs > 1 || place.IsValue ? 85 : 55) : path.EncodedClimbs > 1 ? 80 : 55);
        }
        else if (target == SensitivePaths.Secret && (path.OddDots > 0 || isEncoded || path.Stays > 2))
        {
            Take(ref best, "path.encoded", isArgument ? 85 : 76);
        }

        var far = Math.Max(path.Escape, path.IsAbsolute && path.Escape > 0 ? path.Escape + 1 : 0);
        if (far > 0)
        {
            var score = far switch
            {
                1 => target > 0 ? 60 : place.IsWhole ? 46 : 20,
                2 => place.IsValue ? 60 : 40,
                3 => place.IsValue ? 75 : 55,
                _ => 85,
            };
            if (kind == ArgumentKind.Path && isArgument)
            {
                score = Math.Max(score, 65);
            }

            // Relative imports of code climb a few levels; only far more than code ever does is strange in a conversation.
            Take(ref best, "path.climb", isArgument ? score : place.IsWhole && far > 2 ? 76 : far > 6 ? 76 : 30);
        }

        if (path.OddDots > 1 || (path.OddDots == 1 && path.Slashes > 1 && place.IsWhole))
        {
            Take(ref best, "path.dots", isArgument ? (place.IsValue ? 65 : 45) : path.OddDots > 2 ? 60 : 30);
        }

        if (isArgument && place.IsWhole && (path.LongDots > 0 || (path.IsPadded && path.Climbs > 0) || (path.Stays > 1 && path.MixedSlashes > 0)))
        {
            Take(ref best, "path.dots", 60);
        }

        if (path.Stays > 2 && isArgument)
        {
            Take(ref best, "path.dots", place.IsWhole ? 60 : 40);
        }

        if (path.HasNul && path.Slashes + path.Names > 0)
        {
            Take(ref best, "path.nul", isArgument ? 80 : path.Names > 0 && place.IsWhole ? 76 : 50);
        }
    }

    private static void Place(in PathFacts path, ReadOnlySpan<char> resolved, ReadOnlySpan<char> raw, ArgumentKind kind, ref PathVerdict best)
    {
        var isAbsolute = path.IsAbsolute || raw.StartsWith("%", StringComparison.Ordinal);
        var level = isAbsolute ? SensitivePaths.OfAbsolute(resolved) : SensitivePaths.OfTarget(resolved);
        if (level == SensitivePaths.Secret)
        {
            Take(ref best, "path.secret", 80);
        }
        else if (isAbsolute && level > SensitivePaths.None)
        {
            Take(ref best, "path.system", level == SensitivePaths.System ? 65 : 55);
        }

        if (path.IsShare)
        {
            Take(ref best, "path.share", kind is ArgumentKind.Path or ArgumentKind.Url ? 60 : 45);
        }

        if (kind == ArgumentKind.Path && isAbsolute && level == SensitivePaths.None)
        {
            Take(ref best, "path.absolute", path.HasDrive || path.Names > 0 ? 40 : 0);
        }
    }

    private static void Take(ref PathVerdict best, string rule, int score)
    {
        if (score > best.Score)
        {
            best = new(rule, score);
        }
    }
}
