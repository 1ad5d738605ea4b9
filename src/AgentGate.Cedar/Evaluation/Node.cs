using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Evaluation;

/// <summary>One step of a compiled expression. Immutable, thread-safe. Evaluates without allocating, except where a set or record has to be built.</summary>
/// <param name="source">What it was compiled from, for errors.</param>
internal abstract class Node(Expr source)
{
    protected Expr Source { get; } = source;

    /// <summary>The value. <see langword="false"/> when it has none; the frame says why.</summary>
    public abstract bool TryEvaluate(ref EvaluationFrame frame, out Datum result);

    /// <summary>The value as a boolean; anything else is an error.</summary>
    public virtual bool TryTest(ref EvaluationFrame frame, out bool result)
    {
        if (TryEvaluate(ref frame, out var value) && (value.Kind == CedarValueKind.Bool || frame.FailType(Source, "bool", value)))
        {
            result = value.IsTrue;
            return true;
        }

        result = false;
        return false;
    }

    /// <summary>The value as a set; anything else is an error.</summary>
    protected bool TrySet(Node operand, ref EvaluationFrame frame, out Datum result)
        => operand.TryEvaluate(ref frame, out result) && (result.Kind == CedarValueKind.Set || frame.FailType(Source, "set", result));

    /// <summary>The value as a string; anything else is an error.</summary>
    protected bool TryText(Node operand, ref EvaluationFrame frame, out Datum result)
        => operand.TryEvaluate(ref frame, out result) && (result.Kind == CedarValueKind.String || frame.FailType(Source, "string", result));

    /// <summary>The value as an entity; anything else is an error.</summary>
    protected bool TryEntity(Node operand, ref EvaluationFrame frame, out Datum result)
        => operand.TryEvaluate(ref frame, out result) && (result.Kind == CedarValueKind.Entity || frame.FailType(Source, "entity", result));
}

/// <summary>A step whose value is a boolean: <see cref="Node.TryTest"/> is its own.</summary>
internal abstract class TestNode(Expr source) : Node(source)
{
    public sealed override bool TryEvaluate(ref EvaluationFrame frame, out Datum result)
    {
        var succeeded = TryTest(ref frame, out var truth);
        result = Datum.Of(truth);
        return succeeded;
    }

    public abstract override bool TryTest(ref EvaluationFrame frame, out bool result);
}
