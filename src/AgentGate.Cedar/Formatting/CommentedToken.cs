using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Formatting;

/// <summary>A token with the comments that belong to it.</summary>
/// <param name="Token">The token.</param>
/// <param name="Above">The comments on lines before it, in order.</param>
/// <param name="Behind">The comment behind it on its line, or <see langword="null"/>.</param>
internal readonly record struct CommentedToken(Token Token, List<SourceSpan>? Above, SourceSpan? Behind);
