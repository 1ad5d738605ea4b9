namespace AgentGate.Kernel.Certificates;

/// <summary>What a decision was about. A closed set.</summary>
public enum CertificateStage
{
    /// <summary>The call, before its effect.</summary>
    Request,

    /// <summary>The answer, before its release.</summary>
    Response,
}
