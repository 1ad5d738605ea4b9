namespace AgentGate.Storage.Certificates;

/// <summary>
/// The unwrapped keys of principals, kept between batches. Which key a principal has is read anew in each batch, so that a key that was
/// destroyed meanwhile is never used again. Not thread-safe: the log's writer owns it.
/// </summary>
internal sealed class SubjectKeyRing(EvidenceCipher cipher)
{
    /// <summary>Beyond this number everything unwrapped is forgotten and unwrapped again.</summary>
    private const int KeptMax = 4_096;

    private readonly Dictionary<string, byte[]> _unwrapped = new(StringComparer.Ordinal);

    /// <summary>A stored key.</summary>
    public byte[] Unwrap(string tenant, string principal, string keyId, Func<byte[]> wrapped)
    {
        if (!_unwrapped.TryGetValue(keyId, out var key))
        {
            key = cipher.Unwrap(tenant, principal, keyId, wrapped());
            Keep(keyId, key);
        }

        return key;
    }

    /// <summary>A new key, to be stored.</summary>
    public (string KeyId, byte[] Key, byte[] Wrapped) Begin(string tenant, string principal)
    {
        var made = cipher.Begin(tenant, principal);
        Keep(made.KeyId, made.Key);
        return made;
    }

    private void Keep(string keyId, byte[] key)
    {
        if (_unwrapped.Count >= KeptMax)
        {
            _unwrapped.Clear();
        }

        _unwrapped[keyId] = key;
    }
}
