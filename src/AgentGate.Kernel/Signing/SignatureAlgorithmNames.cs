namespace AgentGate.Kernel.Signing;

/// <summary>The names algorithms have in key ids, key files and configuration. Pure and thread-safe.</summary>
public static class SignatureAlgorithmNames
{
    /// <summary>The name of <see cref="SignatureAlgorithm.Ed25519"/>.</summary>
    public const string Ed25519 = "Ed25519";

    /// <summary>The name of <see cref="SignatureAlgorithm.EcdsaP256"/>: that of RFC 7518, section 3.4.</summary>
    public const string EcdsaP256 = "ES256";

    /// <summary>Names an algorithm.</summary>
    /// <param name="algorithm">The algorithm.</param>
    /// <returns>Its name.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the algorithms.</exception>
    public static string Name(this SignatureAlgorithm algorithm) => algorithm switch
    {
        SignatureAlgorithm.Ed25519 => Ed25519,
        SignatureAlgorithm.EcdsaP256 => EcdsaP256,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "Not a signature algorithm."),
    };

    /// <summary>Reads a name, exactly as written by <see cref="Name"/>.</summary>
    /// <param name="name">The name.</param>
    /// <param name="algorithm">The algorithm.</param>
    /// <returns>Whether the name is known.</returns>
    public static bool TryParse(string? name, out SignatureAlgorithm algorithm)
    {
        algorithm = name switch
        {
            Ed25519 => SignatureAlgorithm.Ed25519,
            EcdsaP256 => SignatureAlgorithm.EcdsaP256,
            _ => default,
        };
        return algorithm != default;
    }
}
