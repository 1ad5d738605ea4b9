using AgentGate.Kernel.Signing;

namespace AgentGate.Audit;

/// <summary>How certificates and checkpoints are signed.</summary>
public sealed class SigningOptions
{
    /// <summary>The algorithm of the signing key. Another one than that of the key in use needs a rotation.</summary>
    /// <value>The default is <see cref="SignatureAlgorithm.Ed25519"/>; sites that may use FIPS-approved algorithms only take <see cref="SignatureAlgorithm.EcdsaP256"/>.</value>
    public SignatureAlgorithm Algorithm { get; set; } = SignatureAlgorithm.Ed25519;

    /// <summary>
    /// The name of this installation, with which the origin of each of its logs begins: something like <c>gate.example.com/log</c>.
    /// No white space, no plus sign. It stands in everything that was ever signed and cannot be changed afterwards.
    /// </summary>
    /// <value>The default is a name made at random with the first key.</value>
    public string? Name { get; set; }

    /// <summary>How long after a checkpoint the next one is signed at the earliest, where the log grew.</summary>
    /// <value>The default is 1 second.</value>
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>What is wrong with these options; each problem names its setting and the bounds.</summary>
    internal IEnumerable<string> Problems()
    {
        if (!Enum.IsDefined(Algorithm))
        {
            yield return "AgentGate:Signing:Algorithm must be Ed25519 or EcdsaP256.";
        }

        if (CheckpointInterval < TimeSpan.FromMilliseconds(10) || CheckpointInterval > TimeSpan.FromHours(1))
        {
            yield return "AgentGate:Signing:CheckpointInterval must be from 10 milliseconds to 1 hour.";
        }

        if (Name is not null && (Name.Length is 0 or > 128 || Name.StartsWith("agentgate/", StringComparison.Ordinal)
            || Name.Any(c => c is <= ' ' or '+' or > '~')))
        {
            yield return "AgentGate:Signing:Name must have 1 to 128 visible ASCII characters without plus signs, and not begin with agentgate/.";
        }
    }
}
