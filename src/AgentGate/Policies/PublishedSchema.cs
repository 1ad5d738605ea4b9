using System.Text;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;
using AgentGate.Cedar.Validation;

namespace AgentGate.Policies;

/// <summary>
/// The published schema (<c>agentgate.cedarschema</c>): what policies can say about principals, actions, resources and
/// context. Strict validation holds against it for every tool and model, declared or not.
/// </summary>
internal static class PublishedSchema
{
    private static readonly Lazy<CedarSchema> Parsed = new(() => CedarSchema.Parse(Text));
    private static readonly Lazy<string> Source = new(() => Read("policies/agentgate.cedarschema"));

    /// <summary>The schema in Cedar syntax, as it is published.</summary>
    public static string Text => Source.Value;

    /// <summary>The schema. Thread-safe.</summary>
    public static CedarSchema Schema => Parsed.Value;

    /// <summary>What is wrong with a set by the schema, strictly; among the warnings what does not mean what it seems to.</summary>
    public static ValidationResult Validate(PolicySet policies)
        => new Validator(Schema).Validate(policies) is var result && PolicyAdvice.Of(policies) is { IsEmpty: false } advice
            ? result with { Warnings = [.. result.Warnings, .. advice] }
            : result;

    /// <summary>A text that is embedded in this assembly.</summary>
    internal static string Read(string name)
    {
        using var stream = typeof(PublishedSchema).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the resource {name} is not embedded");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
