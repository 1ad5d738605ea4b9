using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentGate.Chat;

/// <summary>A function's declaration as the model may see it, when a guard changed words in it. It declares and cannot be invoked.</summary>
internal sealed class RewrittenFunction(
    AIFunctionDeclaration function,
    string name,
    string description,
    JsonElement schema,
    JsonElement? returns,
    IReadOnlyDictionary<string, object?> properties) : AIFunctionDeclaration
{
    public override string Name => name;

    public override string Description => description;

    public override JsonElement JsonSchema => schema;

    public override JsonElement? ReturnJsonSchema => returns;

    public override IReadOnlyDictionary<string, object?> AdditionalProperties => properties;

    public override object? GetService(Type serviceType, object? serviceKey = null)
        => serviceType.IsInstanceOfType(this) ? base.GetService(serviceType, serviceKey) : null;

    public override string ToString() => function.Name;
}
