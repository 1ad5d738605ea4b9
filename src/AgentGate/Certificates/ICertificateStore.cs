namespace AgentGate.Certificates;

/// <summary>Reads the certificates that were stored with their log entries, and destroys keys of evidence. Thread-safe. Throws when the store fails.</summary>
internal interface ICertificateStore
{
    /// <summary>A tenant's certificate of a decision, or <see langword="null"/>.</summary>
    ValueTask<StoredCertificate?> FindAsync(string tenant, string decisionId, CancellationToken cancellationToken);

    /// <summary>The certificates that state a hash, newest first.</summary>
    ValueTask<IReadOnlyList<StoredCertificate>> LookupAsync(CertificateLookup lookup, CancellationToken cancellationToken);

    /// <summary>How many were issued from a moment on.</summary>
    ValueTask<CertificateCounts> CountAsync(string tenant, DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>What a certificate's hashes stand for.</summary>
    /// <exception cref="EvidenceException">Stored evidence was changed, moved, or encrypted under another master key.</exception>
    ValueTask<StoredEvidence> ReadEvidenceAsync(StoredCertificate certificate, CancellationToken cancellationToken);

    /// <summary>Whether a principal has evidence that is not erased.</summary>
    ValueTask<bool> HasSubjectAsync(string tenant, string principal, CancellationToken cancellationToken);

    /// <summary>Destroys the key of everything a principal ever asked, and the salts of its calls. Cannot be undone.</summary>
    /// <returns>Whether there was a key.</returns>
    ValueTask<bool> EraseSubjectAsync(string tenant, string principal, CancellationToken cancellationToken);
}
