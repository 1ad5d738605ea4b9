using System.Buffers;
using System.Security.Cryptography;
using AgentGate.Kernel.Canonical;

namespace AgentGate.Kernel.Transparency;

/// <summary>The append side of the chain: <c>hash = HMAC-SHA-256(key, canonical entry ‖ previous hash)</c>. Pure and thread-safe.</summary>
public static class LogChain
{
    [ThreadStatic]
    private static CanonicalBuffer? _scratch;

    /// <summary>Chains one entry behind a head.</summary>
    /// <param name="output">Receives the entry's canonical bytes.</param>
    /// <param name="body">The content.</param>
    /// <param name="head">Where the log stands.</param>
    /// <param name="key">The chain key.</param>
    /// <returns>Where the log stands with this entry.</returns>
    /// <exception cref="ArgumentException">The body names another format version, or the key is too short.</exception>
    public static ChainHead Append(IBufferWriter<byte> output, LogEntryBody body, ChainHead head, LogKey key)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(head);
        ArgumentNullException.ThrowIfNull(key);
        if (key.Secret.Length < LogKey.MinLength)
        {
            throw new ArgumentException($"A chain key has at least {LogKey.MinLength} bytes.", nameof(key));
        }

        var scratch = _scratch ??= new CanonicalBuffer(4096);
        scratch.Truncate(0);
        LogEntryFormat.Write(scratch, body, head.Seq + 1, key.Id);
        output.Write(scratch.Written);

        scratch.Write(head.Hash.Span);
        return new ChainHead(head.Seq + 1, HMACSHA256.HashData(key.Secret.Span, scratch.Written));
    }

    /// <summary>The chain value of an entry.</summary>
    /// <param name="key">The chain key.</param>
    /// <param name="entry">The entry's canonical bytes.</param>
    /// <param name="previous">The chain value before it.</param>
    /// <param name="destination">Receives <see cref="ChainHead.HashLength"/> bytes.</param>
    internal static void Hash(LogKey key, ReadOnlySpan<byte> entry, ReadOnlySpan<byte> previous, Span<byte> destination)
    {
        var scratch = _scratch ??= new CanonicalBuffer(4096);
        scratch.Truncate(0);
        scratch.Write(entry);
        scratch.Write(previous);
        HMACSHA256.HashData(key.Secret.Span, scratch.Written, destination);
    }
}
