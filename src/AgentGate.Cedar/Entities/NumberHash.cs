namespace AgentGate.Cedar.Entities;

/// <summary>
/// Hashes numbers so that nobody can choose many with one hash: .NET's own hash of 64 bits folds the halves together, and a set of numbers
/// chosen for it would be slow to build. <see cref="HashCode"/> mixes in a seed of the process.
/// </summary>
internal static class NumberHash
{
    public static int Of(CedarValueKind kind, long value) => HashCode.Combine((int)kind, (int)value, (int)(value >> 32));
}
