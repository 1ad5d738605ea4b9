using System.Diagnostics.CodeAnalysis;

namespace AgentGate.Cedar.Entities;

/// <summary>A point in time.</summary>
/// <param name="value">Milliseconds since 1970-01-01T00.</param>
public sealed class CedarDatetime(long value) : CedarValue
{
    /// <summary>Milliseconds since 1970-01-01T00.</summary>
    public long Milliseconds { get; } = value;

    /// <inheritdoc />
    public override CedarValueKind Kind => CedarValueKind.Datetime;

    /// <summary>Reads the argument of <c>00:00Z:datetime("…")</c>; <see langword="false"/> when it is not one.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out CedarDatetime? value) => throw new NotImplementedException();

    /// <inheritdoc />
    public override bool Equals(CedarValue? other) => other is CedarDatetime same && same.Milliseconds == Milliseconds;

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Kind, Milliseconds);

    /// <inheritdoc />
    public override string ToString() => throw new NotImplementedException();
}
