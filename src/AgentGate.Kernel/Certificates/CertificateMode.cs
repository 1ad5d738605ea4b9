namespace AgentGate.Kernel.Certificates;

/// <summary>What the theorem's verdict was for. A closed set.</summary>
public enum CertificateMode
{
    /// <summary>It decided.</summary>
    Enforced,

    /// <summary>It was recorded and not enforced.</summary>
    Shadow,

    /// <summary>Nothing was to happen: a step of a plan, a question through the API.</summary>
    Counterfactual,
}
