namespace AgentGate.Kernel.Transparency;

/// <summary>Which of a log's keys rotates.</summary>
public enum LogKeyRole
{
    /// <summary>The HMAC key of the chain.</summary>
    Chain = 1,

    /// <summary>The key that signs batches of certificates and checkpoints.</summary>
    Signing = 2,
}
