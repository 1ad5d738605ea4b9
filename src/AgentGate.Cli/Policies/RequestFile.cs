using System.Runtime.InteropServices;
using System.Text.Json;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cli.Policies;

/// <summary>A request whose context is still JSON, because reading it takes the schema and the action.</summary>
internal sealed record RequestFile(EntityUid Principal, EntityUid Action, EntityUid Resource, InputFile? Context)
{
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = CedarLimits.MaxJsonDepth };

    /// <summary>Reads <c>{"principal": …, "action": …, "resource": …, "context": {…}}</c>.</summary>
    /// <exception cref="UnusableInputException">It is not that.</exception>
    public static RequestFile Parse(InputFile file)
    {
        try
        {
            using var document = JsonDocument.Parse(file.Bytes, s_deep);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                throw new UnusableInputException($"{file.Name} is not a request: an object with principal, action, resource and context");
            }

            return new RequestFile(
                Entity("principal"), Entity("action"), Entity("resource"),
                root.TryGetProperty("context", out var context) ? new InputFile($"{file.Name} (context)", JsonMarshal.GetRawUtf8Value(context).ToArray()) : null);

            EntityUid Entity(string name) => root.TryGetProperty(name, out var element)
                ? EntityText.Parse(element, name)
                : throw new UnusableInputException($"{file.Name} has no `{name}`");
        }
        catch (JsonException exception)
        {
            throw new UnusableInputException($"{file.Name} is not JSON: {exception.Message}");
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            // Text that is no Unicode: half of a surrogate pair, written as an escape.
            throw new UnusableInputException($"{file.Name}: {exception.Message}");
        }
    }
}
