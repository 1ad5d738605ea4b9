namespace AgentGate.Storage.Audit;

/// <summary>What checking a database's logs gave. Immutable.</summary>
/// <param name="Logs">How many logs there are.</param>
/// <param name="Entries">How many entries were checked.</param>
/// <param name="Findings">For each broken log its first broken place; empty where all is well.</param>
/// <param name="Notes">What could not be checked, and why.</param>
internal sealed record FsckReport(int Logs, long Entries, IReadOnlyList<FsckFinding> Findings, IReadOnlyList<string> Notes);

/// <summary>Where a log is broken.</summary>
/// <param name="Tenant">Whose log.</param>
/// <param name="Seq">The entry, or <see langword="null"/> where it is not one entry.</param>
/// <param name="What">What is wrong with it.</param>
internal sealed record FsckFinding(string Tenant, long? Seq, string What)
{
    public override string ToString() => Seq is { } seq ? $"{Tenant}: entry {seq}: {What}" : $"{Tenant}: {What}";
}
