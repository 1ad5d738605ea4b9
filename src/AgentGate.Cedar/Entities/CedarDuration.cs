using System.Diagnostics.CodeAnalysis;

namespace AgentGate.Cedar.Entities;

/// <summary>A length of time.</summary>
/// <param name="value">Milliseconds.</param>
public sealed class CedarDuration(long value) : CedarValue
{
    /// <summary>Milliseconds.</summary>
    public long Milliseconds { get; } = value;

    /// <inheritdoc />
    public override CedarValueKind Kind => CedarValueKind.Duration;

    /// <summary>Reads the argument of <c>duration("…")</c>; <see langword="false"/> when it is not one.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out CedarDuration? value) => throw new NotImplementedException();

    /// <inheritdoc />
    public override bool Equals(CedarValue? other) => other is CedarDuration same && same.Milliseconds == Milliseconds;

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Kind, Milliseconds);

    /// <inheritdoc />
    public override string ToString() => throw new NotImplementedException();
}
