using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using AgentGate.Benchmarks.Fuzzing;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace AgentGate.Benchmarks.Differential;

/// <summary>Gives mutated texts to the parsers of both engines: what one accepts the other must accept.</summary>
internal sealed partial class ParserRun(string root, ulong seed, IReadOnlyList<IReadOnlyList<byte[]>> corpus)
{
    private const int Batch = 200;
    private readonly CedarFuzzInputs _inputs = new(corpus);

    /// <summary>Texts compared, and those both accept, by kind.</summary>
    public SortedDictionary<string, (int Texts, int Accepted)> Kinds { get; } = new(StringComparer.Ordinal);

    public List<string> Differences { get; } = [];

    public void Run(long count, int differencesMax)
    {
        using var official = OfficialEngine.Start(root);
        for (long number = 0, compared = 0; compared < count && Differences.Count < differencesMax;)
        {
            var texts = new List<(CedarFuzzKind Kind, string Text, long Number)>();
            for (; texts.Count < Batch; number++)
            {
                var (kind, data) = _inputs.Make(seed, number);
                var text = Encoding.UTF8.GetString(data);
                if (kind is CedarFuzzKind.Policies or CedarFuzzKind.Schema || SurvivesJavaScript(text))
                {
                    texts.Add((kind, text, number));
                }
            }

            compared += texts.Count;
            official.Send(new JsonObject
            {
                ["id"] = 0, ["accept"] = new JsonArray([.. texts.Select(text => (JsonNode?)new JsonArray(text.Kind.ToString(), text.Text))]),
            });
            var ours = texts.ConvertAll(text => Refusal(text.Kind, text.Text));
            var answer = official.Receive();
            if (answer["crash"] is { } crash)
            {
                // One text too deep for the official engine's stack takes its batch with it.
                Differences.Add($"the official engine fell over after input {number}: {crash}");
                continue;
            }

            var theirs = (JsonArray)answer["accepted"]!;
            for (var i = 0; i < texts.Count; i++)
            {
                Compare(texts[i], ours[i], (string?)theirs[i]);
            }
        }
    }

    private void Compare((CedarFuzzKind Kind, string Text, long Number) one, string? ours, string? official)
    {
        var name = one.Kind.ToString();
        var (texts, accepted) = Kinds.GetValueOrDefault(name);
        Kinds[name] = (texts + 1, accepted + (ours is null && official is null ? 1 : 0));
        if (ours is null != official is null)
        {
            Differences.Add(string.Create(CultureInfo.InvariantCulture, $"{name} (seed {seed}, input {one.Number})\n  ours: {ours ?? "accepted"}\n  official: {official ?? "accepted"}\n{one.Text}"));
        }
    }

    private static string? Refusal(CedarFuzzKind kind, string text)
    {
        try
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            object read = kind switch
            {
                CedarFuzzKind.Policies => PolicySet.Parse(text),
                CedarFuzzKind.Schema => CedarSchema.Parse(text),
                CedarFuzzKind.SchemaJson => CedarSchema.ParseJson(bytes),
                CedarFuzzKind.PolicyJson => PolicySet.ParseJson(bytes),
                CedarFuzzKind.EntitiesJson => EntitiesJson.Parse(bytes),
                _ => EntitiesJson.ParseContext(bytes),
            };
            return read is null ? "nothing" : null;
        }
        catch (CedarException exception)
        {
            return exception.Diagnostics[0].ToString();
        }
    }

    /// <summary>Whether the text is JSON that is the same after JavaScript has read it: no member twice, no integer beyond 2^53.</summary>
    private static bool SurvivesJavaScript(string text)
    {
        if (Unlike().IsMatch(text))
        {
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 200 });
            return HasDistinctNames(document.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool HasDistinctNames(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Select(member => member.Name).Distinct(StringComparer.Ordinal).Count() == element.EnumerateObject().Count()
            && element.EnumerateObject().All(member => HasDistinctNames(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().All(HasDistinctNames),
        // 1.0 becomes 1.
        JsonValueKind.Number => element.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0,
        _ => true,
    };

    // Long integers and half surrogates do not survive.
    [GeneratedRegex(@"[0-9]{16}|\\u[dD][89a-fA-F]")]
    private static partial Regex Unlike();
}
