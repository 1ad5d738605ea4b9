using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Entities;

/// <summary>A Cedar value. A closed set: boolean, long, string, entity, set, record and the four extension types. Immutable, thread-safe.</summary>
/// <remarks>Two values are equal when Cedar's <c>==</c> says so; values of different types never are.</remarks>
public abstract class CedarValue : IEquatable<CedarValue>
{
    private protected CedarValue()
    {
    }

    /// <summary>The type of the value.</summary>
    public abstract CedarValueKind Kind { get; }

    /// <summary>The value of types whose value is a number of 64 bits or fewer; 0 for the others.</summary>
    internal virtual long Bits => 0;

    /// <summary>How deep sets and records are nested in it.</summary>
    internal virtual int Depth => 0;

    /// <summary>One level more than the deepest part; comparing and writing values follow them down.</summary>
    private protected static int DepthOver(int deepest)
        => deepest < CedarLimits.MaxValueDepth ? deepest + 1 : throw new ArgumentException($"the value is nested deeper than {CedarLimits.MaxValueDepth} levels");

    /// <inheritdoc />
    public abstract bool Equals(CedarValue? other);

    /// <inheritdoc />
    public sealed override bool Equals(object? obj) => Equals(obj as CedarValue);

    /// <inheritdoc />
    public abstract override int GetHashCode();

    /// <summary>The value in Cedar syntax: a text that parses back to it.</summary>
    public abstract override string ToString();
}
