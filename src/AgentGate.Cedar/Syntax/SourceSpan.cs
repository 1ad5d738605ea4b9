namespace AgentGate.Cedar.Syntax;

/// <summary>A stretch of source text, in UTF-16 code units.</summary>
/// <param name="Start">The offset of the first code unit, counted from 0.</param>
/// <param name="Length">The number of code units.</param>
public readonly record struct SourceSpan(int Start, int Length)
{
    /// <summary>The offset after the last code unit.</summary>
    public int End => Start + Length;

    /// <summary>The span of something that was built, not read.</summary>
    public static SourceSpan None { get; } = new(-1, 0);

    /// <summary>The smallest span that covers both.</summary>
    public SourceSpan To(SourceSpan other) => Start < 0 ? other : other.Start < 0 ? this : new(Start, Math.Max(End, other.End) - Start);
}
