namespace AgentGate.Pii;

/// <summary>One place to be masked.</summary>
/// <param name="Segment">The segment.</param>
/// <param name="Start">Where in its text.</param>
/// <param name="Length">How many characters.</param>
/// <param name="Value">The value, by its number.</param>
/// <param name="Type">The type found here.</param>
internal readonly record struct PiiPlace(int Segment, int Start, int Length, int Value, string Type)
{
    public int End => Start + Length;
}
