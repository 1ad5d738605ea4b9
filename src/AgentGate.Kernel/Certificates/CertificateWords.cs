using AgentGate.Kernel.Signing;

namespace AgentGate.Kernel.Certificates;

/// <summary>The words of the closed sets, as certificates spell them. Pure and thread-safe.</summary>
public static class CertificateWords
{
    /// <summary>The word of a stage.</summary>
    /// <param name="stage">The stage.</param>
    public static string Of(CertificateStage stage) => stage switch
    {
        CertificateStage.Request => "request",
        CertificateStage.Response => "response",
        _ => throw new ArgumentOutOfRangeException(nameof(stage)),
    };

    /// <summary>The word of a mode.</summary>
    /// <param name="mode">The mode.</param>
    public static string Of(CertificateMode mode) => mode switch
    {
        CertificateMode.Enforced => "enforced",
        CertificateMode.Shadow => "shadow",
        CertificateMode.Counterfactual => "counterfactual",
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };

    /// <summary>The word of a type of proof.</summary>
    /// <param name="type">The type.</param>
    public static string Of(ProofType type) => type switch
    {
        ProofType.None => "NONE",
        ProofType.ConstructiveTrace => "CONSTRUCTIVE_TRACE",
        ProofType.UnsatCore => "UNSAT_CORE",
        ProofType.Counterexample => "COUNTEREXAMPLE",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };

    /// <summary>The word of a signature algorithm, as in <c>signature.alg</c>.</summary>
    /// <param name="algorithm">The algorithm.</param>
    public static string Of(SignatureAlgorithm algorithm) => algorithm switch
    {
        SignatureAlgorithm.Ed25519 => "Ed25519",
        SignatureAlgorithm.EcdsaP256 => "ES256",
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm)),
    };
}
