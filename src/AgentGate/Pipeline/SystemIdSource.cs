using System.Security.Cryptography;

namespace AgentGate.Pipeline;

/// <summary>Identifiers from the operating system's random source and the given clock.</summary>
internal sealed class SystemIdSource(TimeProvider time) : IIdSource
{
#pragma warning disable RS0030 // the one place that may make a UUID: everything else asks IIdSource
    public string NewId() => Guid.CreateVersion7(time.GetUtcNow()).ToString();
#pragma warning restore RS0030

    public void Fill(Span<byte> destination) => RandomNumberGenerator.Fill(destination);
}
