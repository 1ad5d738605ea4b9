using System.Globalization;
using System.Text;
using AgentGate.Threats.Injection;

namespace AgentGate.Benchmarks.Training;

/// <summary>Writes the weights as the text that is embedded and reviewed.</summary>
internal static class ModelFile
{
    /// <summary>The logit of nine tenths; the logit of one half is zero.</summary>
    private static readonly float s_nineTenths = MathF.Log(9);

    /// <summary>Writes the model, scaled so that the two logits become scores of one half and of nine tenths.</summary>
    public static void Write(string path, InjectionModel model, Regression trained, float half, float ninety, float weightMin, int rows)
    {
        var scale = s_nineTenths / Math.Max(ninety - half, 0.5f);
        var kept = Enumerable.Range(0, model.Count)
            .Select(number => (Name: model.NameOf(number), Weight: trained.Weights[number] * scale))
            .Where(entry => Math.Abs(entry.Weight) >= weightMin)
            .OrderBy(entry => entry.Name, StringComparer.Ordinal)
            .ToList();
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Weights of the injection signal's first tier: logistic regression, made by `benchmarks train injection --write`\n");
        text.Append(CultureInfo.InvariantCulture, $"# on {TimeProvider.System.GetUtcNow():yyyy-MM-dd} from {rows} rows: public development data and the authored texts beside the trainer.\n");
        text.Append("# Scaled so that of harmless texts of sources never seen 0.4 % reach a score of 0.5 and 0.1 % one of 0.9.\n");
        text.Append("# = bias; word; two words; <class> next to a word; class~class near each other; ^class opens a sentence; !mark.\n");
        text.Append(CultureInfo.InvariantCulture, $"=\t{(trained.Bias - half) * scale:0.###}\n");
        foreach (var (name, weight) in kept)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}\t{weight:0.##}\n");
        }

        File.WriteAllText(path, text.ToString());
        Console.Error.WriteLine($"{path}: {kept.Count} weights, scale {scale.ToString("F3", CultureInfo.InvariantCulture)}");
    }
}
