using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AgentGate.Cedar.Authorization;

namespace AgentGate.Cli.Policies.Cases;

/// <summary>Policies, a schema and entities with requests whose answers are known.</summary>
/// <param name="Id">What it is called.</param>
/// <param name="Policies">Cedar text.</param>
/// <param name="Schema">Cedar text or JSON; <see langword="null"/> for none.</param>
/// <param name="Entities">A JSON array.</param>
/// <param name="ShouldValidate">Whether the policies are valid under the schema; <see langword="null"/> when nobody says.</param>
/// <param name="Requests">The requests.</param>
internal sealed record PolicyCase(
    string Id, string Policies, string? Schema, byte[] Entities, bool? ShouldValidate, ImmutableArray<CaseRequest> Requests)
{
    /// <summary>How deep the documents of cases may be nested; deeper than what they hold may be.</summary>
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = 2_048 };

    /// <summary>Reads one line of a corpus: everything stands in it.</summary>
    /// <exception cref="UnusableInputException">It is not a case.</exception>
    public static PolicyCase Parse(string line, long number) => Read(Encoding.UTF8.GetBytes(line), $"line {number}", root => new PolicyCase(
        root.TryGetProperty("id", out var id) ? id.GetString() ?? "" : $"line {number}",
        root.GetProperty("policies").GetString()!,
        root.TryGetProperty("schema", out var schema) ? schema.GetString() : null,
        JsonMarshal.GetRawUtf8Value(root.GetProperty("entities")).ToArray(),
        Flag(root, "shouldValidate"),
        Asked(root)));

    /// <summary>Reads a test file, whose policies, entities and schema are files of their own, sought beside it and in the folders above.</summary>
    /// <exception cref="UnusableInputException">It is not a case, or a file is missing.</exception>
    public static PolicyCase Parse(InputFile file, string path, Terminal terminal) => Read(file.Bytes, file.Name, root => new PolicyCase(
        file.Name,
        Beside(path, root.GetProperty("policies").GetString()!, terminal).Text,
        root.TryGetProperty("schema", out var schema) && schema.GetString() is { } named ? Beside(path, named, terminal).Text : null,
        root.TryGetProperty("entities", out var entities) && entities.GetString() is { } store ? Beside(path, store, terminal).Bytes : "[]"u8.ToArray(),
        Flag(root, "shouldValidate"),
        Asked(root)));

    private static PolicyCase Read(byte[] json, string where, Func<JsonElement, PolicyCase> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json, s_deep);
            return read(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException or FormatException)
        {
            throw new UnusableInputException($"{where} is not a case: {exception.Message}");
        }
    }

    private static InputFile Beside(string path, string relative, Terminal terminal)
    {
        for (var folder = Path.GetDirectoryName(Path.GetFullPath(path)); folder is not null; folder = Path.GetDirectoryName(folder))
        {
            var candidate = Path.Combine(folder, relative);
            if (File.Exists(candidate))
            {
                return InputFile.Read(candidate, terminal);
            }
        }

        throw new UnusableInputException($"{path} names `{relative}`, which is neither beside it nor in a folder above");
    }

    private static ImmutableArray<CaseRequest> Asked(JsonElement root)
        => [.. root.GetProperty("requests").EnumerateArray().Select((request, index) => new CaseRequest(
            request.TryGetProperty("description", out var description) ? description.GetString() ?? "" : $"request {index}",
            EntityText.Parse(request.GetProperty("principal"), "principal"),
            EntityText.Parse(request.GetProperty("action"), "action"),
            EntityText.Parse(request.GetProperty("resource"), "resource"),
            request.TryGetProperty("context", out var context) ? JsonMarshal.GetRawUtf8Value(context).ToArray() : "{}"u8.ToArray(),
            Flag(request, "validateRequest") ?? true,
            request.GetProperty("decision").GetString() switch
            {
                "allow" => AuthorizationDecision.Allow,
                "deny" => AuthorizationDecision.Deny,
                var other => throw new FormatException($"`{other}` is no decision; it is allow or deny"),
            },
            Ids(request, "reason"),
            Ids(request, "errors")))];

    private static ImmutableSortedSet<string> Ids(JsonElement request, string name)
        => request.TryGetProperty(name, out var ids) ? ids.EnumerateArray().Select(id => id.GetString()!).ToImmutableSortedSet(StringComparer.Ordinal) : [];

    private static bool? Flag(JsonElement element, string name)
        => element.TryGetProperty(name, out var flag) && flag.ValueKind is JsonValueKind.True or JsonValueKind.False ? flag.GetBoolean() : null;
}
