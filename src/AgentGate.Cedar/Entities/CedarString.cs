using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Entities;

/// <summary>A string of Unicode scalar values.</summary>
public sealed class CedarString : CedarValue
{
    /// <summary>Makes a string.</summary>
    /// <param name="value">The text.</param>
    /// <exception cref="ArgumentException">The text holds half of a surrogate pair: it is no Unicode text.</exception>
    public CedarString(string value)
    {
        CedarText.Check(value);
        Value = value;
    }

    /// <summary>The text.</summary>
    public string Value { get; }

    /// <inheritdoc />
    public override CedarValueKind Kind => CedarValueKind.String;

    /// <inheritdoc />
    public override bool Equals(CedarValue? other)
        => other is CedarString text && string.Equals(text.Value, Value, StringComparison.Ordinal);

    /// <inheritdoc />
    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc />
    public override string ToString() => CedarText.Quote(Value);
}
