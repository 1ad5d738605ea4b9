using System.Numerics;

namespace AgentGate.Benchmarks.Training;

/// <summary>
/// Logistic regression over windows. Of an attack the windows that look most like one count as attacks, chosen anew each
/// round; of a harmless text all windows count. Deterministic: the order comes from a fixed seed.
/// </summary>
internal sealed class Regression(WindowSet set, RegressionSettings settings, string without)
{
    private readonly float[] _weights = new float[set.Model.Count];
    private readonly float[] _squares = new float[set.Model.Count];
    private readonly ulong _others = without.Length == 0 ? ulong.MaxValue : ~set.Bit(without);
    private float _bias = -2;
    private float _biasSquares;

    public float[] Weights => _weights;

    public float Bias => _bias;

    /// <summary>Trains on the given rows.</summary>
    public void Train(IReadOnlyList<int> rows)
    {
        var groups = rows.GroupBy(row => (set.Rows[row].Source, set.Rows[row].IsAttack)).ToDictionary(group => group.Key, group => group.Count());
        var weightOf = new float[set.Rows.Count];
        foreach (var isAttack in (bool[])[true, false])
        {
            var side = rows.Where(row => set.Rows[row].IsAttack == isAttack).ToList();
            var sum = 0f;
            foreach (var row in side)
            {
                weightOf[row] = MathF.Pow(groups[(set.Rows[row].Source, isAttack)], -settings.SourceBalance);
                sum += weightOf[row];
            }

            // The mean weight of a side is 1 for harmless texts; attacks count as declared.
            foreach (var row in side)
            {
                weightOf[row] *= side.Count / sum * (isAttack ? settings.AttackWeight : 1);
            }
        }

        for (var round = 0; round < settings.Rounds; round++)
        {
            var examples = Choose(rows, round);
            var random = new Order(settings.Seed + (ulong)round);
            for (var epoch = 0; epoch < settings.Epochs; epoch++)
            {
                random.Shuffle(examples);
                foreach (var (row, window, share) in examples)
                {
                    Step(set.Windows[row][window], set.Rows[row].IsAttack, weightOf[row] * share);
                }
            }
        }
    }

    /// <summary>The logit of a row: of its strongest window.</summary>
    public float Judge(int row)
    {
        var best = _bias;
        foreach (var window in set.Windows[row])
        {
            best = Math.Max(best, Logit(window));
        }

        return best;
    }

    private List<(int Row, int Window, float Share)> Choose(IReadOnlyList<int> rows, int round)
    {
        List<(int, int, float)> examples = [];
        foreach (var row in rows)
        {
            var windows = set.Windows[row];
            if (windows.Length == 0)
            {
                continue;
            }

            if (!set.Rows[row].IsAttack)
            {
                var share = 1 / MathF.Sqrt(windows.Length);
                for (var at = 0; at < windows.Length; at++)
                {
                    examples.Add((row, at, share));
                }
            }
            else if (windows.Length <= 3 && round == 0)
            {
                for (var at = 0; at < windows.Length; at++)
                {
                    examples.Add((row, at, 1f / windows.Length));
                }
            }
            else if (round > 0)
            {
                var take = Math.Min(windows.Length, 1 + (windows.Length / settings.WindowsPerPositive));
                foreach (var at in Enumerable.Range(0, windows.Length).OrderByDescending(at => Logit(windows[at])).ThenBy(at => at).Take(take))
                {
                    examples.Add((row, at, 1 / MathF.Sqrt(take)));
                }
            }
        }

        return examples;
    }

    private void Step(int[] window, bool isAttack, float weight)
    {
        var error = weight * ((1 / (1 + MathF.Exp(-Logit(window)))) - (isAttack ? 1 : 0));
        foreach (var feature in window)
        {
            if (BitOperations.PopCount(set.UsedBy[feature] & _others) < settings.SourcesMin)
            {
                continue;
            }

            var gradient = error + (settings.Decay * _weights[feature]);
            _squares[feature] += gradient * gradient;
            _weights[feature] -= settings.Rate * gradient / MathF.Sqrt(_squares[feature] + 1e-6f);
            if (_weights[feature] > 0 && BitOperations.PopCount(set.AttackedBy[feature] & _others) < settings.AttackSourcesMin)
            {
                _weights[feature] = 0;
            }
        }

        _biasSquares += error * error;
        _bias -= settings.Rate * error / MathF.Sqrt(_biasSquares + 1e-6f);
    }

    private float Logit(int[] window)
    {
        var sum = _bias;
        foreach (var feature in window)
        {
            sum += _weights[feature];
        }

        return sum;
    }

    /// <summary>A fixed order (splitmix64).</summary>
    private sealed class Order(ulong state)
    {
        public void Shuffle<T>(List<T> list)
        {
            for (var at = list.Count - 1; at > 0; at--)
            {
                var other = (int)(Next() % (ulong)(at + 1));
                (list[at], list[other]) = (list[other], list[at]);
            }
        }

        private ulong Next()
        {
            state += 0x9E3779B97F4A7C15;
            var mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
            return mixed ^ (mixed >> 31);
        }
    }
}

/// <summary>How a regression is trained.</summary>
internal sealed record RegressionSettings
{
    public ulong Seed { get; init; } = 20260101;

    public int Rounds { get; init; } = 3;

    public int Epochs { get; init; } = 2;

    public float Rate { get; init; } = 0.04f;

    /// <summary>Weight decay at each step on the features of the example.</summary>
    public float Decay { get; init; } = 0.002f;

    /// <summary>0: every row counts alike; 1: every source counts alike.</summary>
    public float SourceBalance { get; init; } = 0.8f;

    /// <summary>A feature counts when so many sources use it: the habits of one are not evidence.</summary>
    public int SourcesMin { get; init; } = 4;

    /// <summary>A feature speaks for an attack when so many sources use it in one.</summary>
    public int AttackSourcesMin { get; init; } = 4;

    public float AttackWeight { get; init; } = 1;

    /// <summary>One window more of an attack counts for each so many windows.</summary>
    public int WindowsPerPositive { get; init; } = 8;
}
