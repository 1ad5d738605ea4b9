namespace AgentGate.Diagnostics;

public static partial class Codes
{
    /// <summary>Personal data stands in a part that the provider signed, which may be changed in neither direction.</summary>
    public const string PiiInSealedPart = "AG3001";

    /// <summary>The PII vault holds a record that does not fit its keys: it was changed, moved or belongs to another master key.</summary>
    public const string PiiVaultIntegrity = "AG3002";

    /// <summary>One call holds more distinct personal values than configuration allows.</summary>
    public const string PiiTooManyValues = "AG3003";

    /// <summary>The previous response that the call continues is unknown to this key, or its session has expired.</summary>
    public const string PiiUnknownConversation = "AG3004";

    /// <summary>The PII vault could not be written because other writers held it for too long.</summary>
    public const string PiiVaultBusy = "AG3005";
}
