using System.Diagnostics.CodeAnalysis;

namespace AgentGate.Cedar.Entities;

/// <summary>A decimal with four fractional digits.</summary>
/// <param name="value">The value in ten-thousandths.</param>
public sealed class CedarDecimal(long value) : CedarValue
{
    /// <summary>The value in ten-thousandths.</summary>
    public long Units { get; } = value;

    /// <inheritdoc />
    public override CedarValueKind Kind => CedarValueKind.Decimal;

    /// <summary>Reads the argument of <c>decimal("…")</c>; <see langword="false"/> when it is not one.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out CedarDecimal? value) => throw new NotImplementedException();

    /// <inheritdoc />
    public override bool Equals(CedarValue? other) => other is CedarDecimal same && same.Units == Units;

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Kind, Units);

    /// <inheritdoc />
    public override string ToString() => throw new NotImplementedException();
}
