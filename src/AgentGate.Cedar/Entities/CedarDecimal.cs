using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AgentGate.Cedar.Entities;

/// <summary>A decimal with four fractional digits, in a 64-bit integer.</summary>
/// <param name="value">The value in ten-thousandths.</param>
public sealed class CedarDecimal(long value) : CedarValue
{
    private const int FractionDigits = 4;
    private const long Scale = 10_000;

    /// <summary>The value in ten-thousandths.</summary>
    public long Units { get; } = value;

    /// <inheritdoc />
    public override CedarValueKind Kind => CedarValueKind.Decimal;

    internal override long Bits => Units;

    /// <summary>Reads the argument of <c>decimal("…")</c>: digits on both sides of a point, at most four after it, from -922337203685477.5808 to 922337203685477.5807.</summary>
    /// <returns><see langword="false"/> when it is not one.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out CedarDecimal? value)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = null;
        var isNegative = text.StartsWith('-');
        var unsigned = text.AsSpan(isNegative ? 1 : 0);
        var point = unsigned.IndexOf('.');
        if (point < 0)
        {
            return false;
        }

        var whole = unsigned[..point];
        var fraction = unsigned[(point + 1)..];
        if (fraction.Length > FractionDigits || !DigitReader.TryRead(whole, out var units) || !DigitReader.TryRead(fraction, out var rest))
        {
            return false;
        }

        for (var i = fraction.Length; i < FractionDigits; i++)
        {
            rest *= 10;
        }

        // In 128 bits nothing overflows, so the least value needs no case of its own.
        var total = ((Int128)units * Scale) + rest;
        total = isNegative ? -total : total;
        if (total < long.MinValue || total > long.MaxValue)
        {
            return false;
        }

        value = new CedarDecimal((long)total);
        return true;
    }

    /// <inheritdoc />
    public override bool Equals(CedarValue? other) => other is CedarDecimal same && same.Units == Units;

    /// <inheritdoc />
    public override int GetHashCode() => NumberHash.Of(Kind, Units);

    /// <inheritdoc />
    public override string ToString() => $"decimal(\"{ToArgument()}\")";

    /// <summary>The argument of the constructor that makes this value.</summary>
    internal string ToArgument()
    {
        var units = Int128.Abs(Units);
        return string.Create(CultureInfo.InvariantCulture, $"{(Units < 0 ? "-" : "")}{units / Scale}.{units % Scale:0000}");
    }
}
