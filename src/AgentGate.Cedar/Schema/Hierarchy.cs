namespace AgentGate.Cedar.Schema;

/// <summary>Closes a hierarchy: who is in whom, directly or through others.</summary>
internal static class Hierarchy
{
    /// <summary>How many steps are taken. A chain of a million types has half a million million ancestors: such a schema is refused.</summary>
    private const int MaxSteps = 1_000_000;

    /// <summary>The ancestors of each; something is its own ancestor only in a circle. <see langword="null"/> when there are too many.</summary>
    /// <param name="parents">The direct parents; every parent is a key.</param>
    public static Dictionary<T, HashSet<T>>? Close<T>(IReadOnlyDictionary<T, IReadOnlyCollection<T>> parents)
        where T : notnull
    {
        var closed = new Dictionary<T, HashSet<T>>(parents.Count);
        var pending = new Stack<T>();
        var steps = 0;
        foreach (var (start, direct) in parents)
        {
            var ancestors = new HashSet<T>();
            pending.Push(start);
            while (pending.TryPop(out var current))
            {
                foreach (var parent in parents[current])
                {
                    if (++steps > MaxSteps)
                    {
                        return null;
                    }

                    if (!ancestors.Add(parent))
                    {
                        continue;
                    }

                    // What was closed before need not be walked again.
                    if (closed.TryGetValue(parent, out var known))
                    {
                        steps += known.Count;
                        ancestors.UnionWith(known);
                    }
                    else
                    {
                        pending.Push(parent);
                    }
                }
            }

            closed[start] = ancestors;
        }

        return closed;
    }
}
