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
            var distance = Distance(name, candidate);
            if (distance < bestDistance || (distance == bestDistance && best is not null && string.CompareOrdinal(candidate, best) < 0))
            {
                (best, bestDistance) = (candidate, distance);
            }
        }

        return best;
    }

    /// <summary>How many letters must be changed, added, removed or swapped with the next (optimal string alignment); capitals do not count.</summary>
    public static int Distance(string left, string right)
    {
        var (older, previous, current) = (new int[right.Length + 1], new int[right.Length + 1], new int[right.Length + 1]);
        for (var j = 0; j <= right.Length; j++)
        {
            previous[j] = j;
        }

        for (var i = 1; i <= left.Length; i++)
        {
            current[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                current[j] = Math.Min(previous[j - 1] + (AreSame(left[i - 1], right[j - 1]) ? 0 : 1), 1 + Math.Min(previous[j], current[j - 1]));
                if (i > 1 && j > 1 && AreSame(left[i - 1], right[j - 2]) && AreSame(left[i - 2], right[j - 1]))
                {
                    current[j] = Math.Min(current[j], older[j - 2] + 1);
                }
            }

            (older, previous, current) = (previous, current, older);
        }

        return previous[right.Length];
    }

    private static bool AreSame(char left, char right) => char.ToUpperInvariant(left) == char.ToUpperInvariant(right);
}
