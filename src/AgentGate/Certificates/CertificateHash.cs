namespace AgentGate.Certificates;

/// <summary>The hashes certificates are found by. A closed set.</summary>
internal enum CertificateHash
{
    /// <summary>Of the request.</summary>
    Alpha,

    /// <summary>Of what was in force.</summary>
    Gamma,

    /// <summary>Of the theorem.</summary>
    Theorem,
}
