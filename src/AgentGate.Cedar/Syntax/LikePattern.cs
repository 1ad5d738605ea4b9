using System.Collections.Immutable;

namespace AgentGate.Cedar.Syntax;

/// <summary>The pattern of <c>like</c>: literal pieces with a wildcard between each two.</summary>
/// <param name="Pieces">At least one. <c>a*b</c> is <c>["a", "b"]</c>, <c>*</c> is <c>["", ""]</c>, and an escaped star is a star inside a piece.</param>
public sealed record LikePattern(ImmutableArray<string> Pieces)
{
    /// <inheritdoc />
    public bool Equals(LikePattern? other) => other is not null && Pieces.AsSpan().SequenceEqual(other.Pieces.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode() => Pieces.Aggregate(0, static (hash, piece) => HashCode.Combine(hash, piece));
}
