using System.Diagnostics;
using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Evaluation;

/// <summary>A value while it is computed with: numbers and booleans need no object. What came from an object keeps it.</summary>
/// <param name="kind">The type.</param>
/// <param name="bits">The value of booleans, longs, decimals, datetimes and durations.</param>
/// <param name="value">The object, or <see langword="null"/> when the bits say it all.</param>
internal readonly struct Datum(CedarValueKind kind, long bits, CedarValue? value)
{
    public CedarValueKind Kind { get; } = kind;

    public long Bits { get; } = bits;

    public bool IsTrue => Bits != 0;

    /// <summary>The entity; call only for that kind.</summary>
    public EntityUid Entity => (EntityUid)value!;

    /// <summary>The record; call only for that kind.</summary>
    public CedarRecord Record => (CedarRecord)value!;

    /// <summary>The set; call only for that kind.</summary>
    public CedarSet Set => (CedarSet)value!;

    /// <summary>The text; call only for that kind.</summary>
    public string Text => ((CedarString)value!).Value;

    /// <summary>The address; call only for that kind.</summary>
    public CedarIpAddress Address => (CedarIpAddress)value!;

    public static Datum Of(bool value) => new(CedarValueKind.Bool, value ? 1 : 0, null);

    public static Datum Of(long value) => new(CedarValueKind.Long, value, null);

    public static Datum Of(CedarValue value) => new(value.Kind, value.Bits, value);

    public bool IsEqualTo(in Datum other)
        => Kind == other.Kind && (HasBits ? Bits == other.Bits : value!.Equals(other.Object));

    /// <summary>The value as an object; makes one when there is none yet.</summary>
    public CedarValue ToValue() => value ?? Kind switch
    {
        CedarValueKind.Bool => CedarBool.Of(IsTrue),
        CedarValueKind.Long => new CedarLong(Bits),
        CedarValueKind.Decimal => new CedarDecimal(Bits),
        CedarValueKind.Datetime => new CedarDatetime(Bits),
        CedarValueKind.Duration => new CedarDuration(Bits),
        _ => throw new UnreachableException(),
    };

    private CedarValue? Object => value;

    private bool HasBits => Kind is CedarValueKind.Bool or CedarValueKind.Long or CedarValueKind.Decimal or CedarValueKind.Datetime or CedarValueKind.Duration;
}
