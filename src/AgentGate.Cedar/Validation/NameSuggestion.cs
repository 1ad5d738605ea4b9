using AgentGate.Cedar.Schema;

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

            if (candidate.Length <= LengthMax && name.Length <= LengthMax && NearestName.Distance(name, candidate) is var own && own < distance)
            {
                (best, distance) = (candidate, own);
            }
        }

        // A third of the letters may be wrong: nearer is a slip, farther is another word.
        return distance <= Math.Max(1, name.Length / 3) ? $"did you mean `{best}`?"
            : count is > 0 and <= 8 ? $"known are {string.Join(", ", first.Select(static known => $"`{known}`"))}"
            : null;
    }
}
