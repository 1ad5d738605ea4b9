using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AgentGate.Cedar.Entities;

/// <summary>A length of time, in milliseconds; negative ones too.</summary>
/// <param name="value">Milliseconds.</param>
public sealed class CedarDuration(long value) : CedarValue
{
    private static readonly (string Unit, long Milliseconds)[] s_units =
        [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)];

    /// <summary>Milliseconds.</summary>
    public long Milliseconds { get; } = value;

    /// <inheritdoc />
    public override CedarValueKind Kind => CedarValueKind.Duration;

    internal override long Bits => Milliseconds;

    /// <summary>Reads the argument of <c>duration("…")</c>: days, hours, minutes, seconds, milliseconds, in this order and each at most once, perhaps after a minus, for example <c>-1d2h3m4s5ms</c> (Cedar RFC 80).</summary>
    /// <returns><see langword="false"/> when it is not one, or does not fit.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out CedarDuration? value)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = null;
        var isNegative = text.StartsWith('-');
        var rest = text.AsSpan(isNegative ? 1 : 0);
        if (rest.IsEmpty)
        {
            return false;
        }

        // Every part is below 2^64 and the largest unit below 2^27, so 128 bits hold the sum.
        Int128 total = 0;
        var next = 0;
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || !DigitReader.TryRead(rest[..digits], out var amount) || amount > long.MaxValue + 1UL)
            {
                return false;
            }

            var unit = rest[digits..];
            var letters = unit.IndexOfAnyInRange('0', '9') is var at and >= 0 ? at : unit.Length;
            while (next < s_units.Length && !unit[..letters].SequenceEqual(s_units[next].Unit))
            {
                next++;
            }

            if (next == s_units.Length || (amount > long.MaxValue && s_units[next].Milliseconds > 1))
            {
                return false;
            }

            // Each part must fit by itself, not only the sum.
            var part = (Int128)amount * s_units[next].Milliseconds;
            if (part > (s_units[next].Milliseconds == 1 && isNegative ? (Int128)long.MaxValue + 1 : long.MaxValue))
            {
                return false;
            }

            total += part;
            next++;
            rest = unit[letters..];
        }

        total = isNegative ? -total : total;
        if (total < long.MinValue || total > long.MaxValue)
        {
            return false;
        }

        value = new CedarDuration((long)total);
        return true;
    }

    /// <inheritdoc />
    public override bool Equals(CedarValue? other) => other is CedarDuration same && same.Milliseconds == Milliseconds;

    /// <inheritdoc />
    public override int GetHashCode() => NumberHash.Of(Kind, Milliseconds);

    /// <inheritdoc />
    public override string ToString() => $"duration(\"{ToArgument()}\")";

    /// <summary>The argument of the constructor that makes this value.</summary>
    internal string ToArgument() => string.Create(CultureInfo.InvariantCulture, $"{Milliseconds}ms");
}
