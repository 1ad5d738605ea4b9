using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Schema;

/// <summary>Everything found wrong with a schema so far, so that its author sees it at once.</summary>
internal sealed class SchemaProblems(SchemaText source)
{
    /// <summary>How many messages one error carries; a hostile schema is wrong in a million places, and a good message costs time.</summary>
    private const int Max = 100;

    private readonly List<(SourceSpan Span, string Message, string? Help)> _problems = [];

    /// <summary>Whether no more is kept: what makes a message good need not be worked out.</summary>
    public bool IsFull => _problems.Count >= Max;

    /// <summary>Keeps a problem.</summary>
    public void Add(SourceSpan span, string message, string? help = null)
    {
        if (!IsFull)
        {
            _problems.Add((span, message, help));
        }
    }

    /// <summary>The line of a place, or 0.</summary>
    public int LineOf(SourceSpan span) => IsFull ? 0 : source.At(span, "").Line;

    /// <summary>Throws what was found, in the order of the text; nothing when nothing was.</summary>
    /// <exception cref="SchemaException">Something was found.</exception>
    public void ThrowIfAny()
    {
        if (_problems.Count > 0)
        {
            throw new SchemaException([.. _problems.OrderBy(problem => problem.Span.Start)
                .Select(problem => source.At(problem.Span, problem.Message, problem.Help))]);
        }
    }
}
