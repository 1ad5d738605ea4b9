using System.Globalization;

namespace AgentGate.Cedar.Entities;

/// <summary>A 64-bit signed integer.</summary>
/// <param name="value">The value.</param>
public sealed class CedarLong(long value) : CedarValue
{
    /// <summary>The value.</summary>
    public long Value { get; } = value;

    /// <inheritdoc />
    public override CedarValueKind Kind => CedarValueKind.Long;

    internal override long Bits => Value;

    /// <inheritdoc />
    public override bool Equals(CedarValue? other) => other is CedarLong number && number.Value == Value;

    /// <inheritdoc />
    public override int GetHashCode() => NumberHash.Of(Kind, Value);

    /// <inheritdoc />
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}
