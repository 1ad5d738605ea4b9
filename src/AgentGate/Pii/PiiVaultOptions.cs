namespace AgentGate.Pii;

/// <summary>How PII sessions live and where their values may go.</summary>
public sealed class PiiVaultOptions
{
    /// <summary>How long a stored PII session lives after its last use. After that its values cannot be restored by anyone.</summary>
    /// <value>The default is 24 hours; at least one minute, at most 366 days.</value>
    public TimeSpan SessionTtl { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// The hosts whose http and https addresses may receive values: an exact host (<c>intranet.example.com</c>), or with a
    /// leading dot every host below it (<c>.example.com</c>).
    /// </summary>
    /// <value>The default is empty: a token inside any address stays a token.</value>
    public IList<string> RestoreHosts { get; init; } = [];

    /// <summary>The most distinct values that one call may hold.</summary>
    /// <value>The default is 10,000; from 1 to 1,000,000.</value>
    public int MaxValuesPerCall { get; set; } = 10_000;
}
