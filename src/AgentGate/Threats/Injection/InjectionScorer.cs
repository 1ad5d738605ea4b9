using AgentGate.Pipeline;

namespace AgentGate.Threats.Injection;

/// <summary>
/// The first tier: how much a text looks like an injection, from 0 to 1. Deterministic, in time linear in the text's
/// length; every part of a text is judged, whatever its length. Thread-safe; clean text allocates nothing once warm.
/// </summary>
internal sealed class InjectionScorer(InjectionModel model)
{
    private const int PooledMax = 32;

    /// <summary>The longest text whose arrays are kept for the next one.</summary>
    private const int PooledLengthMax = 1 << 20;

    /// <summary>What evidence of the whole text adds to the logit. Set by hand: public data has too few of each.</summary>
    private const float EncodedWeight = 1.5f;
    private const float HiddenWeight = 3.0f;
    private const float BidiWeight = 1.0f;
    private const float ManyShotWeight = 1.5f;

    /// <summary>Turns from which a pretended dialogue is many-shot.</summary>
    private const int ManyShotMin = 8;

    /// <summary>Hidden characters from which they are a text of their own; flags of regions are written with six.</summary>
    private const int HiddenMin = 8;

    private readonly SparePool<InjectionWindows> _pool = new(PooledMax);

    /// <summary>The scorer with the model that ships.</summary>
    public InjectionScorer()
        : this(InjectionModel.Shipped)
    {
    }

    /// <summary>Judges a text.</summary>
    public InjectionScore Score(ReadOnlySpan<char> text) => Score(text, out _);

    /// <summary>Judges a text and says how much work it was, in characters and words.</summary>
    public InjectionScore Score(ReadOnlySpan<char> text, out long steps)
    {
        steps = 0;
        var windows = _pool.Take() ?? new InjectionWindows(InjectionLexicon.Shipped, model);
        List<string>? decoded = null;
        try
        {
            var best = Judge(windows, text, ref steps);
            if (text.Length >= EncodedRuns.ShortestRun)
            {
                EncodedRuns.Decode(text, decoded = windows.Decoded);
                steps += 3L * text.Length;
                foreach (var inner in decoded)
                {
                    // What is hidden in an encoding counts for more, once it looks like anything at all.
                    var found = Judge(windows, inner, ref steps);
                    if (found.Logit > 0 && found.Logit + EncodedWeight > best.Logit)
                    {
                        best = new Found(found.Logit + EncodedWeight, InjectionFeature.Encoded, best.Windows + found.Windows);
                    }
                }
            }

            return new InjectionScore(1 / (1 + Math.Exp(-best.Logit)), best.Feature, best.Windows);
        }
        finally
        {
            decoded?.Clear();
            if (text.Length <= PooledLengthMax)
            {
                _pool.Give(windows);
            }
        }
    }

    private Found Judge(InjectionWindows windows, ReadOnlySpan<char> text, ref long steps)
    {
        windows.Read(text);
        var weights = model.Weights;
        var (best, start, end, count) = (model.Bias, 0, 0, 0);
        var cursor = default(InjectionWindows.Cursor);
        while (windows.Next(ref cursor))
        {
            var sum = model.Bias;
            foreach (var feature in windows.Features(cursor.Start, cursor.End))
            {
                sum += weights[feature];
            }

            count++;
            if (sum > best)
            {
                (best, start, end) = (sum, cursor.Start, cursor.End);
            }
        }

        steps += windows.Text.Steps + windows.Steps;
        return AddWhole(windows, best, Strongest(windows, start, end), count);
    }

    /// <summary>What no window shows: text nobody sees, text that is reordered, a long pretended dialogue.</summary>
    private static Found AddWhole(InjectionWindows windows, float logit, InjectionFeature feature, int count)
    {
        var text = windows.Text;
        if (text.HiddenCount >= HiddenMin)
        {
            (logit, feature) = (Math.Max(logit, -1) + HiddenWeight, InjectionFeature.Hidden);
        }

        logit += text.BidiCount > 0 && logit > 0 ? BidiWeight : 0;
        var turns = 0;
        foreach (ref readonly var token in text.Tokens)
        {
            turns += (token.Marks & TokenMarks.RoleHead) != 0 ? 1 : 0;
        }

        if (turns >= ManyShotMin)
        {
            var was = logit;
            logit += ManyShotWeight;
            feature = was < 0 ? InjectionFeature.ManyShot : feature;
        }

        return new Found(logit, feature, count);
    }

    /// <summary>The kind of evidence that weighs most in a window.</summary>
    private InjectionFeature Strongest(InjectionWindows windows, int start, int end)
    {
        if (end == start)
        {
            return InjectionFeature.Wording;
        }

        Span<float> sums = stackalloc float[Enum.GetValues<InjectionFeature>().Length];
        sums.Clear();
        foreach (var number in windows.Features(start, end))
        {
            if (model.Weights[number] > 0)
            {
                sums[(int)model.FeatureOf(number)] += model.Weights[number];
            }
        }

        // The wording as a whole is named only where nothing more telling was found.
        var strongest = InjectionFeature.Wording;
        for (var at = 1; at < sums.Length; at++)
        {
            strongest = sums[at] > sums[(int)strongest] || (strongest == InjectionFeature.Wording && sums[at] > 0.5f) ? (InjectionFeature)at : strongest;
        }

        return strongest;
    }

    private readonly record struct Found(float Logit, InjectionFeature Feature, int Windows);
}
