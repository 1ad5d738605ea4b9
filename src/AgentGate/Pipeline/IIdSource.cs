namespace AgentGate.Pipeline;

/// <summary>Where identifiers and random bytes come from, so that tests can fix them.</summary>
public interface IIdSource
{
    /// <summary>A new UUIDv7 (RFC 9562 §5.7) in its canonical text form. Thread-safe.</summary>
    string NewId();

    /// <summary>Fills a span with cryptographically strong random bytes. Thread-safe.</summary>
    /// <param name="destination">The bytes to fill.</param>
    void Fill(Span<byte> destination);
}
