namespace AgentGate.Benchmarks.Differential;

/// <summary>Cuts a case down while the engines still differ in the same way.</summary>
internal static class Minimizer
{
    private const int AttemptsMax = 4_000;

    /// <param name="first">The case as it was found.</param>
    /// <param name="difference">What differs in it.</param>
    /// <param name="compare">Says what differs in a case, or <see langword="null"/>.</param>
    public static (DifferentialCase Case, Difference Difference) Minimize(
        DifferentialCase first, Difference difference, Func<DifferentialCase, Difference?> compare)
    {
        var (smallest, attempts) = (first, 0);
        for (var progress = true; progress && attempts < AttemptsMax;)
        {
            progress = false;
            foreach (var smaller in smallest.Smaller())
            {
                if (++attempts > AttemptsMax)
                {
                    break;
                }

                if (compare(smaller) is { } still && still.Kind == difference.Kind)
                {
                    (smallest, difference, progress) = (smaller, still, true);
                    break;
                }
            }
        }

        return (smallest, difference);
    }
}
