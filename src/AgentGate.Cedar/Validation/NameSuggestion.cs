namespace AgentGate.Cedar.Validation;

/// <summary>Finds the name an author probably meant.</summary>
internal static class NameSuggestion
{
    private const int LengthMax = 64;
    private const int CandidatesMax = 2_000;

    /// <summary>A sentence with the nearest name; the names there are when they are few; otherwise <see langword="null"/>.</summary>
    public static string? For(string name, IEnumerable<string> candidates)
    {
        var (best, distance, count) = ("", int.MaxValue, 0);
        var first = new List<string>();
        foreach (var candidate in candidates.Take(CandidatesMax))
        {
            if (count++ < 8)
            {
                first.Add(candidate);
            }

            if (candidate.Length <= LengthMax && name.Length <= LengthMax && Distance(name, candidate) is var own && own < distance)
            {
                (best, distance) = (candidate, own);
            }
        }

        // A third of the letters may be wrong: nearer is a slip, farther is another word.
        return distance <= Math.Max(1, name.Length / 3) ? $"did you mean `{best}`?"
            : count is > 0 and <= 8 ? $"known are {string.Join(", ", first.Select(static known => $"`{known}`"))}"
            : null;
    }

    /// <summary>How many letters must be changed, added, removed or swapped with the next (optimal string alignment); capitals do not count.</summary>
    private static int Distance(string left, string right)
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
