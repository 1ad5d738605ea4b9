namespace AgentGate.Cedar.Schema;

/// <summary>Finds the name somebody may have meant.</summary>
internal static class NearestName
{
    /// <summary>What is longer is not compared: the time grows with the square of the length.</summary>
    private const int MaxLength = 64;

    /// <summary>How many names are looked at; a hostile schema has millions.</summary>
    private const int MaxCandidates = 1_000;

    /// <summary>The candidate with the fewest edits, when there are few enough; the first in ordinal order among equals.</summary>
    public static string? Find(string name, IEnumerable<string> candidates)
    {
        if (name.Length > MaxLength)
        {
            return null;
        }

        string? best = null;
        var bestDistance = Math.Max(2, name.Length / 3) + 1;
        foreach (var candidate in candidates.Where(candidate => candidate.Length <= MaxLength).Take(MaxCandidates))
        {
            var distance = string.Equals(name, candidate, StringComparison.OrdinalIgnoreCase) ? 0 : Distance(name, candidate);
            if (distance < bestDistance || (distance == bestDistance && best is not null && string.CompareOrdinal(candidate, best) < 0))
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>The number of insertions, deletions and replacements between two texts (Levenshtein).</summary>
    private static int Distance(string left, string right)
    {
        Span<int> previous = stackalloc int[right.Length + 1];
        Span<int> current = stackalloc int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
        {
            previous[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = previous[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
                current[j] = Math.Min(replaced, Math.Min(previous[j], current[j - 1]) + 1);
            }

            current.CopyTo(previous);
        }

        return previous[right.Length];
    }
}
