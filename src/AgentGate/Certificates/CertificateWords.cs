using AgentGate.Kernel.Admissibility;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Certificates;

/// <summary>The published words that certificates are counted by.</summary>
internal static class CertificateWords
{
    public static string Of(AdmissibilityResult result) => result switch
    {
        AdmissibilityResult.Admissible => "ADMISSIBLE",
        AdmissibilityResult.Inadmissible => "INADMISSIBLE",
        _ => "NOT_EVALUATED",
    };

    public static string Of(DecisionKind decision) => decision switch
    {
        DecisionKind.Allow => "allow",
        DecisionKind.Hold => "hold",
        _ => "deny",
    };
}
