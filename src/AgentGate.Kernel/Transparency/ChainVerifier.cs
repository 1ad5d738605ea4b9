using System.Security.Cryptography;

namespace AgentGate.Kernel.Transparency;

/// <summary>
/// Verifies a log entry by entry, in the order of the stored numbers, in constant memory. Without a known head a log that
/// lost its newest entries cannot be told from a shorter one. Keys change where an entry says so, and nowhere else: after an
/// entry that rotates the chain key the next one must be made with the key it names, and without one with the same key as before.
/// </summary>
/// <remarks>Not thread-safe; one instance verifies one log once.</remarks>
/// <param name="tenant">Whose log it is.</param>
/// <param name="keys">Gives the chain key of an id, or <see langword="null"/>.</param>
/// <param name="start">Where the log begins; <see cref="ChainHead.Genesis"/> for a whole log.</param>
/// <param name="knownHead">A head known from elsewhere that the log must contain, if any.</param>
public sealed class ChainVerifier(string tenant, Func<string, LogKey?> keys, ChainHead start, ChainHead? knownHead = null)
{
    private readonly byte[] _previous = start.Hash.ToArray();
    private long _seq = start.Seq;
    private string? _keyId;
    private long _checked;
    private DateTimeOffset? _first;
    private DateTimeOffset? _last;
    private long? _brokenSeq;
    private ChainBreak? _reason;

    /// <summary>Takes the next stored entry.</summary>
    /// <param name="seq">The number it is stored under.</param>
    /// <param name="entry">Its stored bytes.</param>
    /// <param name="hash">Its stored chain value.</param>
    /// <returns><see langword="false"/> once the log is broken; further entries change nothing.</returns>
    public bool Add(long seq, ReadOnlySpan<byte> entry, ReadOnlySpan<byte> hash)
    {
        if (_reason is not null)
        {
            return false;
        }

        var expected = _seq + 1;
        if (seq != expected)
        {
            return Break(expected, seq > expected ? ChainBreak.Missing : ChainBreak.Reordered);
        }

        if (!LogEntryParser.TryReadHeader(entry, out var header))
        {
            return Break(seq, ChainBreak.Edited);
        }

        if (header.Seq != seq || !string.Equals(header.Tenant, tenant, StringComparison.Ordinal))
        {
            return Break(seq, ChainBreak.Reordered);
        }

        // Where a log begins, any key of ours may have been the current one.
        if ((_keyId is not null && !string.Equals(_keyId, header.KeyId, StringComparison.Ordinal)) || keys(header.KeyId) is not { } key)
        {
            return Break(seq, ChainBreak.UnknownKey);
        }

        Span<byte> computed = stackalloc byte[ChainHead.HashLength];
        LogChain.Hash(key, entry, _previous, computed);
        if (!CryptographicOperations.FixedTimeEquals(computed, hash)
            || (seq == knownHead?.Seq && !CryptographicOperations.FixedTimeEquals(computed, knownHead.Hash.Span)))
        {
            return Break(seq, ChainBreak.Edited);
        }

        computed.CopyTo(_previous);
        _seq = seq;
        _keyId = KeyRotation.TryParse(header.Rotation, out var rotation, out _) && rotation.Role == LogKeyRole.Chain && rotation.Old == header.KeyId
            ? rotation.New
            : header.KeyId;
        _checked++;
        _first ??= header.At;
        _last = header.At;
        return true;
    }

    /// <summary>Ends the verification.</summary>
    public ChainVerification Complete()
    {
        if (_reason is null && knownHead is not null && _seq < knownHead.Seq)
        {
            Break(_seq + 1, ChainBreak.Truncated);
        }

        return new ChainVerification(_checked, _first, _last, _brokenSeq, _reason);
    }

    private bool Break(long seq, ChainBreak reason)
    {
        (_brokenSeq, _reason) = (seq, reason);
        return false;
    }
}
