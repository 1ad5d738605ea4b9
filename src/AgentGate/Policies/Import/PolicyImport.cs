using System.Text.Json;

namespace AgentGate.Policies.Import;

/// <summary>
/// Translates the two policy shapes of AgentGate 1.0 to Cedar: <c>pre_rules</c> / <c>post_rules</c>, and <c>rules[]</c> with
/// conditions. A rule that cannot be said without changing what it means refuses the whole import. Thread-safe.
/// </summary>
internal static class PolicyImport
{
    /// <summary>The name of the shape with rules by type.</summary>
    public const string KernelShape = "pre_rules";

    /// <summary>The name of the shape with conditions and priorities.</summary>
    public const string FieldShape = "rules";

    private static readonly string[] KernelMembers = ["pre_rules", "post_rules", "blocked_operations"];

    /// <summary>Translates a file: one policy set, a list of them, or the body that 1.0's endpoint took (<c>policy_json</c>).</summary>
    /// <param name="utf8">The file, JSON.</param>
    /// <exception cref="PolicyImportException">Not one of the shapes, or a rule that has no exact counterpart; every such rule is named.</exception>
    public static PolicyTranslation FromJson(ReadOnlyMemory<byte> utf8)
    {
        var file = ImportedFile.Read(utf8);
        var output = new ImportOutput();
        var (kernel, fields) = (new KernelRules(output), new FieldRules(output));
        var shape = default(string);
        foreach (var (set, prefix) in Sets(file))
        {
            var its = ShapeOf(set) ?? throw ImportedFile.Refused(
                "it is neither of 1.0's shapes: an object with `pre_rules` or `post_rules`, or one with `rules` and `default_effect`", prefix.TrimEnd('.') is { Length: > 0 } at ? at : "file");
            if ((shape ??= its) != its)
            {
                throw ImportedFile.Refused("it mixes both shapes, which 1.0 judged by different rules; import them one by one");
            }

            if (its == KernelShape)
            {
                kernel.Add(set, prefix);
            }
            else
            {
                fields.Add(set, prefix);
            }
        }

        return output.Finish(shape ?? throw ImportedFile.Refused("it holds no policy set"));
    }

    private static IEnumerable<(JsonElement Set, string Prefix)> Sets(JsonElement file)
    {
        if (file.ValueKind != JsonValueKind.Array)
        {
            yield return Unwrap(file, "");
            yield break;
        }

        var at = 0;
        foreach (var item in file.EnumerateArray())
        {
            yield return Unwrap(item, $"[{at++}].");
        }
    }

    private static (JsonElement Set, string Prefix) Unwrap(JsonElement item, string prefix)
        => item.ValueKind == JsonValueKind.Object && item.TryGetProperty("policy_json", out var inner) ? (inner, prefix + "policy_json.") : (item, prefix);

    private static string? ShapeOf(JsonElement set)
    {
        if (set.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var (isKernel, isFields) = (KernelMembers.Any(member => set.TryGetProperty(member, out _)), set.TryGetProperty("rules", out _));
        return isKernel == isFields ? null : isKernel ? KernelShape : FieldShape;
    }
}
