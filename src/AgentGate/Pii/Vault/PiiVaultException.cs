namespace AgentGate.Pii.Vault;

/// <summary>The vault cannot be trusted or reached. Closes the gate; the message never holds a value.</summary>
/// <param name="code">The <c>AG30xx</c> code.</param>
/// <param name="reason">What is wrong, for the operator.</param>
/// <param name="inner">The cause, if any.</param>
internal sealed class PiiVaultException(string code, string reason, Exception? inner = null)
    : Exception($"{code}: {reason}", inner)
{
    /// <summary>The code.</summary>
    public string Code { get; } = code;
}
