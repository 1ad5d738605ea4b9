using System.Collections.Immutable;
using System.Text.Json;
using AgentGate.Cedar.Evaluation;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Entities;

/// <summary>Reads calls of extension functions in JSON: <c>{"fn": ..., "arg": ...}</c>, or <c>"args"</c> for several arguments.</summary>
internal sealed class ExtensionJsonReader(JsonText text)
{
    private static readonly EntityUid s_nobody = new("Nobody", "");

    /// <summary>Whether an object has the shape of a call.</summary>
    public static bool IsCall(JsonNode node)
        => node.Kind == JsonValueKind.Object && node["fn"] is { Kind: JsonValueKind.String } && (node["arg"] is not null || node["args"] is { Kind: JsonValueKind.Array });

    /// <summary>The arguments of a call.</summary>
    public static IReadOnlyList<JsonNode> ArgumentsOf(JsonNode call) => call["arg"] is { } argument ? [argument] : call["args"]!.Items;

    /// <summary>The constructor of an extension type.</summary>
    public static ExtensionFunction ConstructorOf(CedarValueKind kind) => kind switch
    {
        CedarValueKind.IpAddress => ExtensionFunction.Ip,
        CedarValueKind.Decimal => ExtensionFunction.Decimal,
        CedarValueKind.Datetime => ExtensionFunction.Datetime,
        _ => ExtensionFunction.Duration,
    };

    /// <summary>The function a call names.</summary>
    public ExtensionSignature SignatureOf(JsonNode call)
    {
        var name = call["fn"]!;
        return ExtensionSignature.ByName.TryGetValue(name.Text, out var signature) ? signature
            : throw text.Error(name.Offset, $"{CedarText.Quote(name.Text)} is no extension function", "the constructors are `datetime`, `decimal`, `duration` and `ip`");
    }

    /// <summary>The value of a constructor.</summary>
    public CedarValue Construct(ExtensionFunction constructor, string argument, int offset)
        => ExtensionText.TryConstruct(constructor, argument, out var value) ? value
            : throw text.Error(offset, $"`{ExtensionSignature.Of(constructor).Name}` cannot read the text", $"write {ExtensionText.Example(constructor)}");

    /// <summary>The value of a call.</summary>
    public CedarValue Apply(ExtensionSignature signature, ImmutableArray<CedarValue> arguments, int offset)
    {
        if (!signature.IsMethod && arguments[0] is CedarString argument)
        {
            return Construct(signature.Function, argument.Value, offset);
        }

        for (var i = 0; i < arguments.Length; i++)
        {
            if (arguments[i].Kind != signature.Parameters[i])
            {
                throw text.Error(offset, $"an argument of `{signature.Name}` is {arguments[i].Kind.ToCedarName()}, not {signature.Parameters[i].ToCedarName()}");
            }
        }

        // The evaluator alone knows what the functions do: the arguments go in as attributes of a context.
        var context = new CedarRecord(arguments.Select(static (value, index) => KeyValuePair.Create($"a{index}", value)));
        var call = new Expr.ExtensionCall(signature.Function,
            [.. arguments.Select(static (_, index) => new Expr.GetAttribute(new Expr.Variable(RequestVariable.Context), $"a{index}"))]);
        return Evaluator.TryEvaluate(call, new AuthorizationRequest(s_nobody, s_nobody, s_nobody, context), EntityStore.Empty, out var value, out var error)
            ? value
            : throw text.Error(offset, $"`{signature.Name}` fails: {error.Diagnostic.Message}");
    }
}
