using System.Collections.Immutable;
using System.Security.Cryptography;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Pipeline;

/// <summary>
/// The right to run one effect once. Only the gate constructs it; it carries the content as judged, and the targets the
/// decision covered. No effect runs without one.
/// </summary>
/// <remarks>Bound to one call id, one content digest and one list of targets. Using it twice throws.</remarks>
public sealed class Permit
{
    private readonly CallContent _content;
    private readonly ReadOnlyMemory<byte> _salt;
    private int _used;
    private string? _transportDigest;

    internal Permit(string callId, CallContent content, ReadOnlyMemory<byte> salt, ImmutableArray<EffectTarget> targets)
    {
        CallId = callId;
        _content = content;
        _salt = salt;
        Targets = targets;
        ContentDigest = Digest(salt.Span, content.ToUtf8().Span);
    }

    /// <summary>The call this permit belongs to.</summary>
    public string CallId { get; }

    /// <summary>Where the effect may go: provider, upstream name, region. Any other target is a new call.</summary>
    public ImmutableArray<EffectTarget> Targets { get; }

    /// <summary>Lower-case hex SHA-256 over the call's salt and the content.</summary>
    public string ContentDigest { get; }

    /// <summary>The digest of the bytes the effect handed to its transport, once recorded.</summary>
    public string? TransportDigest => _transportDigest;

    /// <summary>Whether the content is raw because personal data was not guarded in this call.</summary>
    internal bool IsUnmasked { get; init; }

    internal bool IsUsed => Volatile.Read(ref _used) != 0;

    /// <summary>Uses the permit and gives the content the effect must send.</summary>
    /// <exception cref="InvalidOperationException">The permit was used before.</exception>
    public CallContent Use()
        => Interlocked.Exchange(ref _used, 1) == 0
            ? _content
            : throw new InvalidOperationException("AG1006: a permit is good for one effect; this one was used before.");

    /// <summary>Records the bytes as they were handed to the transport; the gate compares them with the content.</summary>
    /// <param name="bytes">All the bytes, in one piece. Recording the same bytes again (a retry) is allowed; other bytes are not.</param>
    /// <exception cref="InvalidOperationException">Other bytes were recorded before.</exception>
    public void RecordTransport(ReadOnlySpan<byte> bytes)
    {
        var digest = Digest(_salt.Span, bytes);
        var before = Interlocked.CompareExchange(ref _transportDigest, digest, null);
        if (before is not null && !string.Equals(before, digest, StringComparison.Ordinal))
        {
            throw new InvalidOperationException("AG1008: one permit, two different bodies handed to the transport.");
        }
    }

    internal static string Digest(ReadOnlySpan<byte> salt, ReadOnlySpan<byte> bytes)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(salt);
        hash.AppendData(bytes);
        Span<byte> digest = stackalloc byte[32];
        hash.GetHashAndReset(digest);
        return Convert.ToHexStringLower(digest);
    }
}
