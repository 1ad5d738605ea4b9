using System.Diagnostics.CodeAnalysis;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Evaluation;

/// <summary>Evaluates single expressions, outside any policy. Thread-safe.</summary>
public static class Evaluator
{
    /// <summary>The value of an expression for a request.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="request">What <c>principal</c>, <c>action</c>, <c>resource</c> and <c>context</c> stand for.</param>
    /// <param name="entities">The entities.</param>
    /// <param name="value">The value.</param>
    /// <param name="error">Why there is none; its policy id is empty.</param>
    public static bool TryEvaluate(
        Expr expression, AuthorizationRequest request, EntityStore entities, [NotNullWhen(true)] out CedarValue? value,
        [NotNullWhen(false)] out EvaluationError? error)
    {
        ArgumentNullException.ThrowIfNull(expression);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(entities);
        var frame = new EvaluationFrame(request, entities);
        if (ExprCompiler.Compile(expression).TryEvaluate(ref frame, out var result))
        {
            (value, error) = (result.ToValue(), null);
            return true;
        }

        (value, error) = (null, new EvaluationError("", frame.Error, EvaluationErrors.Describe(source: null, frame)));
        return false;
    }
}
