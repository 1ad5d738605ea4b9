using System.Text.Json;

namespace AgentGate.Benchmarks.Training;

/// <summary>One labelled text.</summary>
internal sealed record TrainingRow(string Source, string Kind, string Text, bool IsAttack, bool IsContextDependent)
{
    /// <summary>Reads a JSON-lines file.</summary>
    public static IEnumerable<TrainingRow> ReadFile(string path)
    {
        foreach (var line in File.ReadLines(path))
        {
            using var document = JsonDocument.Parse(line);
            var row = document.RootElement;
            yield return new TrainingRow(
                row.GetProperty("source").GetString()!,
                row.GetProperty("kind").GetString()!,
                row.GetProperty("text").GetString()!,
                row.GetProperty("label").GetInt32() == 1,
                row.TryGetProperty("context_dependent", out var dependent) && dependent.ValueKind == JsonValueKind.True);
        }
    }
}
