namespace AgentGate.Cedar.Syntax;

/// <summary>One <c>when</c> or <c>unless</c> clause.</summary>
/// <param name="IsUnless">Whether it is <c>unless</c>: satisfied when <paramref name="Body"/> is false.</param>
/// <param name="Body">The expression.</param>
public sealed record PolicyCondition(bool IsUnless, Expr Body)
{
    /// <summary>Where it stands in the text.</summary>
    public SourceSpan Span { get; init; } = SourceSpan.None;
}
