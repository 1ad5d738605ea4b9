using System.Text.Json.Serialization;

namespace AgentGate.Benchmarks.Eval;

/// <summary>Right and wrong answers of one group of rows, or of one type of spans.</summary>
internal sealed class Tally
{
    public int TruePositives { get; set; }

    public int FalseNegatives { get; set; }

    public int FalsePositives { get; set; }

    public int TrueNegatives { get; set; }

    public int Rows => TruePositives + FalseNegatives + FalsePositives + TrueNegatives;

    public double? Recall => Share(TruePositives, TruePositives + FalseNegatives);

    public double? FalsePositiveRate => Share(FalsePositives, FalsePositives + TrueNegatives);

    public double? Precision => Share(TruePositives, TruePositives + FalsePositives);

    /// <summary>The share of cases answered rightly, found or left alone.</summary>
    public double? Right => Share(TruePositives + TrueNegatives, Rows);

    public double? F1 => Share(2 * TruePositives, (2 * TruePositives) + FalsePositives + FalseNegatives);

    [JsonIgnore]
    public bool IsEmpty => Rows == 0;

    /// <summary>Counts one row.</summary>
    public void Count(bool wanted, bool found)
    {
        TruePositives += wanted && found ? 1 : 0;
        FalseNegatives += wanted && !found ? 1 : 0;
        FalsePositives += !wanted && found ? 1 : 0;
        TrueNegatives += !wanted && !found ? 1 : 0;
    }

    private static double? Share(int part, int whole) => whole == 0 ? null : Math.Round((double)part / whole, 4);
}
