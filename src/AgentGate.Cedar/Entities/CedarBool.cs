namespace AgentGate.Cedar.Entities;

/// <summary>A boolean.</summary>
public sealed class CedarBool : CedarValue
{
    private CedarBool(bool value) => Value = value;

    /// <summary><c>true</c>.</summary>
    public static CedarBool True { get; } = new(true);

    /// <summary><c>false</c>.</summary>
    public static CedarBool False { get; } = new(false);

    /// <summary>The value.</summary>
    public bool Value { get; }

    /// <inheritdoc />
    public override CedarValueKind Kind => CedarValueKind.Bool;

    internal override long Bits => Value ? 1 : 0;

    /// <summary>One of the two instances.</summary>
    public static CedarBool Of(bool value) => value ? True : False;

    /// <inheritdoc />
    public override bool Equals(CedarValue? other) => ReferenceEquals(this, other);

    /// <inheritdoc />
    public override int GetHashCode() => Value ? 1 : 2;

    /// <inheritdoc />
    public override string ToString() => Value ? "true" : "false";
}
