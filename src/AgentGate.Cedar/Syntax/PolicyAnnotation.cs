namespace AgentGate.Cedar.Syntax;

/// <summary>One annotation of a policy: <c>@name("value")</c>. It has no meaning for evaluation.</summary>
/// <param name="Name">The name; reserved words are allowed.</param>
/// <param name="Value">The value; empty for <c>@name</c> alone.</param>
public sealed record PolicyAnnotation(string Name, string Value)
{
    /// <summary>Where it stands in the text.</summary>
    public SourceSpan Span { get; init; } = SourceSpan.None;
}
