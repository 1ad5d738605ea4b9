namespace AgentGate.Benchmarks.Differential;

/// <summary>Cuts a case down while the engines still differ in the same way.</summary>
internal static class Minimizer
{
    private const int AttemptsMax = 4_000;

    public static (DifferentialCase Case, Difference Difference) Minimize(DifferentialCase first, Difference difference, OfficialEngine official)
    {
        var ours = new OurEngine(new DifferentialCoverage());
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

                var mine = ours.Ask(smaller);
                if (Difference.Between(smaller, mine, official.Ask(smaller), ours.RoundTrip) is { } still && still.Kind == difference.Kind)
                {
                    (smallest, difference, progress) = (smaller, still, true);
                    break;
                }
            }
        }

        return (smallest, difference);
    }
}
