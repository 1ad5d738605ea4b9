namespace AgentGate.Benchmarks.Gateway;

/// <summary>One server of the comparison and how it is asked.</summary>
internal sealed record Peer(string Name, ChildProcess Process, byte[] Request) : IDisposable
{
    /// <summary>What the rounds with one and with sixteen connections gave.</summary>
    public Dictionary<int, List<LoadResult>> Rounds { get; } = [];

    public void Dispose() => Process.Dispose();
}
