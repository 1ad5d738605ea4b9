namespace AgentGate.Kernel.Transparency;

/// <summary>A key of the log's chain. Never logged: only <see cref="Id"/> may be shown.</summary>
/// <param name="Id">The key's id, named in every entry made with it.</param>
/// <param name="Secret">The key, at least 32 bytes.</param>
public sealed record LogKey(string Id, ReadOnlyMemory<byte> Secret)
{
    /// <summary>The shortest key accepted, in bytes: the length of the hash (RFC 2104 §3).</summary>
    public const int MinLength = 32;

    /// <summary>The id alone; the secret has no text form.</summary>
    public override string ToString() => $"LogKey {Id}";
}
