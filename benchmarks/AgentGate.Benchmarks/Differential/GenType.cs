namespace AgentGate.Benchmarks.Differential;

/// <summary>The types the generator aims at. A closed set.</summary>
internal abstract record GenType
{
    private GenType()
    {
    }

    public static Simple Bool { get; } = new("Bool");

    public static Simple Long { get; } = new("Long");

    public static Simple String { get; } = new("String");

    public static Simple Ip { get; } = new("ipaddr");

    public static Simple Decimal { get; } = new("decimal");

    public static Simple Datetime { get; } = new("datetime");

    public static Simple Duration { get; } = new("duration");

    public static IReadOnlyList<Simple> Simples { get; } = [Bool, Long, String, Ip, Decimal, Datetime, Duration];

    /// <summary>A type without parts, named as schemas name it.</summary>
    internal sealed record Simple(string Name) : GenType;

    internal sealed record Entity(string Type) : GenType;

    internal sealed record Set(GenType Element) : GenType;

    internal sealed record Record(IReadOnlyList<Field> Fields) : GenType
    {
        public bool Equals(Record? other) => other is not null && Fields.SequenceEqual(other.Fields);

        public override int GetHashCode() => Fields.Count;
    }

    internal sealed record Field(string Name, GenType Type, bool Required);
}
