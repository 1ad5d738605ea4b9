using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace AgentGate.Cedar.Syntax;

/// <summary>
/// Reads the JSON policy format (docs.cedarpolicy.com/policies/json-format.html). Unknown and repeated keys are refused: a policy that says
/// more than was understood must not decide. The first mistake ends the reading.
/// </summary>
internal sealed partial class PolicyJsonReader
{
    /// <summary>An expression one level deep takes two levels of JSON, and the policy set around it a few more.</summary>
    private const int MaxDocumentDepth = (2 * CedarLimits.MaxDepth) + 64;

    private readonly Stack<string> _path = new();
    private int _nesting;

    /// <summary>Runs one reading over a document and turns every way it can fail into the one exception of this stage.</summary>
    /// <exception cref="PolicySyntaxException">The bytes are not JSON, or not what <paramref name="read"/> expects.</exception>
    public static T Read<T>(ReadOnlySpan<byte> utf8Json, Func<PolicyJsonReader, JsonElement, T> read)
    {
        if (utf8Json.Length > CedarLimits.MaxTextLength)
        {
            throw new PolicySyntaxException([new CedarDiagnostic($"the document is longer than {CedarLimits.MaxTextLength} bytes")]);
        }

        var reader = new PolicyJsonReader();
        try
        {
            var options = new JsonDocumentOptions { MaxDepth = MaxDocumentDepth, AllowDuplicateProperties = false };
            using var document = JsonDocument.Parse(utf8Json.ToArray(), options);
            return read(reader, document.RootElement);
        }
        catch (JsonException exception)
        {
            var place = exception.LineNumber is { } line ? $" at line {line + 1}, byte {exception.BytePositionInLine + 1}" : "";
            throw new PolicySyntaxException([new CedarDiagnostic($"this is not the JSON that is expected{place}: {FirstSentence(exception.Message)}")
            {
                Help = "each key may occur once, and the document must be complete",
            }]);
        }
        catch (InvalidOperationException)
        {
            // What System.Text.Json throws for a string that is not Unicode.
            throw reader.Error("the text is not Unicode");
        }
    }

    private static string FirstSentence(string message)
    {
        var end = message.IndexOf(". ", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).ReplaceLineEndings(" ").TrimEnd('.');
    }

    private PolicySyntaxException Error(string message, string? help = null)
    {
        const int ShownSteps = 20;
        var path = string.Concat(_path.Take(ShownSteps).Reverse()).TrimStart('.');
        path = _path.Count > ShownSteps ? "…." + path : path;
        return new([new CedarDiagnostic(message) { Help = help, Path = path.Length > 0 ? path : null }]);
    }

    /// <summary>Reads what a key holds; mistakes inside name the key.</summary>
    private T At<T>(string key, JsonElement element, Func<JsonElement, T> read)
    {
        _path.Push("." + key);
        var value = read(element);
        _path.Pop();
        return value;
    }

    private ImmutableArray<T> Items<T>(JsonElement element, Func<JsonElement, T> read)
    {
        Require(element, JsonValueKind.Array, "a list");
        var items = ImmutableArray.CreateBuilder<T>(element.GetArrayLength());
        foreach (var item in element.EnumerateArray())
        {
            _path.Push(Step(items.Count));
            items.Add(read(item));
            _path.Pop();
        }

        return items.MoveToImmutable();
    }

    private static string Step(int index) => string.Create(CultureInfo.InvariantCulture, $"[{index}]");

    private void Require(JsonElement element, JsonValueKind kind, string what)
    {
        if (element.ValueKind != kind)
        {
            throw Error($"expected {what}, found {Name(element.ValueKind)}");
        }
    }

    private static string Name(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };

    private string Text(JsonElement element)
    {
        Require(element, JsonValueKind.String, "a string");
        return element.GetString()!;
    }

    /// <summary>Checks that an object has these keys and no others. A key that ends in <c>?</c> may be missing.</summary>
    private void Keys(JsonElement element, params ReadOnlySpan<string> keys)
    {
        Require(element, JsonValueKind.Object, "an object");
        foreach (var member in element.EnumerateObject())
        {
            if (!IsKnown(member.Name, keys))
            {
                throw Error($"the key `{member.Name}` has no meaning here", $"the keys are {List(keys)}");
            }
        }

        foreach (var key in keys)
        {
            if (!key.EndsWith('?') && !element.TryGetProperty(key, out _))
            {
                throw Error($"the key `{key}` is missing", $"the keys are {List(keys)}");
            }
        }
    }

    private static bool IsKnown(string name, ReadOnlySpan<string> keys)
    {
        foreach (var key in keys)
        {
            if (key.AsSpan().TrimEnd('?').SequenceEqual(name))
            {
                return true;
            }
        }

        return false;
    }

    private static string List(ReadOnlySpan<string> keys) => $"`{string.Join("`, `", keys.ToArray().Select(static key => key.TrimEnd('?')))}`";

    private static bool TryGet(JsonElement element, string key, [NotNullWhen(true)] out JsonElement? value)
    {
        value = element.TryGetProperty(key, out var found) ? found : null;
        return value is not null;
    }

    private void Enter()
    {
        if (++_nesting > CedarLimits.MaxDepth || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw Error($"the expression is nested deeper than {CedarLimits.MaxDepth} levels");
        }
    }
}
