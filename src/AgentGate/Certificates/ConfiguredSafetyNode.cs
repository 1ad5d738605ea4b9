namespace AgentGate.Certificates;

/// <summary>A safety node that configuration names.</summary>
public sealed class ConfiguredSafetyNode
{
    /// <summary>The node's id: lower-case letters, digits, <c>_</c>, <c>-</c>, dots; at most 64.</summary>
    /// <value>The default is empty, which is refused.</value>
    public string NodeId { get; set; } = "";

    /// <summary>Where it listens.</summary>
    /// <value>The default is empty, which is refused.</value>
    public string Url { get; set; } = "";

    /// <summary>Its public key as <c>agentgate node run</c> prints it: a JSON Web Key, or the 43 characters of an Ed25519 key's <c>x</c>.</summary>
    /// <value>The default is empty, which is refused.</value>
    public string PublicKey { get; set; } = "";
}
