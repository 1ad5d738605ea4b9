namespace AgentGate.Certificates;

/// <summary>Which certificates of one tenant to find, newest first, by one hash they state. Immutable.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Hash">Which hash.</param>
/// <param name="Value">Its value, lower-case hex.</param>
/// <param name="Limit">How many, 1 to <see cref="LimitMax"/>.</param>
internal sealed record CertificateLookup(string Tenant, CertificateHash Hash, string Value, int Limit)
{
    /// <summary>The most certificates of one answer.</summary>
    public const int LimitMax = 200;
}
