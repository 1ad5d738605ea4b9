namespace AgentGate.Pipeline;

/// <summary>A stream guard's answer on one piece. A closed set: pass, replace, block.</summary>
public abstract record StreamVerdict
{
    private StreamVerdict()
    {
    }

    /// <summary>The piece goes on as it is.</summary>
    public static StreamVerdict Passed { get; } = new Pass();

    /// <summary>The piece goes on as it is.</summary>
    public sealed record Pass : StreamVerdict;

    /// <summary>Other text goes on in its place; it may be empty when the guard holds text back.</summary>
    /// <param name="Text">The text that goes on.</param>
    public sealed record Replace(string Text) : StreamVerdict;

    /// <summary>The stream ends here. A block beats anything held back.</summary>
    /// <param name="Code">The stable <c>AG####</c> code.</param>
    /// <param name="Reason">A sentence for the caller; never holds content.</param>
    public sealed record Block(string Code, string Reason) : StreamVerdict;
}
