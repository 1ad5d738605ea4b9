using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Schema;

/// <summary>The text of a schema: turns places into messages with line, column and snippet.</summary>
/// <param name="text">The text in Cedar syntax, or <see langword="null"/>.</param>
/// <param name="json">The text in JSON, or <see langword="null"/>.</param>
internal sealed class SchemaText(string? text, JsonText? json)
{
    /// <summary>A message at a place.</summary>
    public CedarDiagnostic At(SourceSpan span, string message, string? help = null)
        => text is not null ? CedarDiagnostic.At(text, span, message, help)
            : json is not null ? json.At(span.Start, message, help)
            : new CedarDiagnostic(message) { Help = help };

    /// <summary>An error with one message.</summary>
    public SchemaException Error(SourceSpan span, string message, string? help = null) => new([At(span, message, help)]);
}
