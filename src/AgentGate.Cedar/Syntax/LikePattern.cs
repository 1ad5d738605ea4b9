using System.Collections.Immutable;

namespace AgentGate.Cedar.Syntax;

/// <summary>The pattern of <c>like</c>: literal pieces with a wildcard between each two.</summary>
/// <param name="Pieces">At least one. <c>a*b</c> is <c>["a", "b"]</c>, <c>*</c> is <c>["", ""]</c>, and an escaped star is a star inside a piece.</param>
/// <exception cref="ArgumentException">There is no piece, or one is not Unicode.</exception>
public sealed record LikePattern(ImmutableArray<string> Pieces)
{
    /// <summary>The literal pieces, at least one.</summary>
    /// <exception cref="ArgumentException">There is no piece, or one is not Unicode.</exception>
    public ImmutableArray<string> Pieces { get; init => field = Checked(value); } = Checked(Pieces);

    /// <inheritdoc />
    public bool Equals(LikePattern? other) => other is not null && Pieces.AsSpan().SequenceEqual(other.Pieces.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode() => Pieces.Aggregate(0, static (hash, piece) => HashCode.Combine(hash, piece));

    private static ImmutableArray<string> Checked(ImmutableArray<string> pieces)
    {
        if (pieces.IsDefaultOrEmpty)
        {
            throw new ArgumentException("a pattern has at least one piece", nameof(pieces));
        }

        foreach (var piece in pieces)
        {
            CedarText.Check(piece);
        }

        return pieces;
    }
}
