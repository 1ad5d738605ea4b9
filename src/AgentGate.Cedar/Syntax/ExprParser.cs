using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace AgentGate.Cedar.Syntax;

/// <summary>Reads a single expression in Cedar syntax, as it stands between the braces of a condition. Thread-safe.</summary>
public static class ExprParser
{
    /// <summary>Reads an expression.</summary>
    /// <exception cref="PolicySyntaxException">The text is not one expression.</exception>
    public static Expr Parse(string text)
        => TryParse(text, out var expression, out var diagnostics) ? expression : throw new PolicySyntaxException(diagnostics);

    /// <summary>Reads an expression; <see langword="false"/> with at least one diagnostic when the text is not one.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Expr? expression, out ImmutableArray<CedarDiagnostic> diagnostics)
        => PolicyParser.TryParseExpression(text, out expression, out diagnostics);
}
