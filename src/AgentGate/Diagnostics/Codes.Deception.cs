namespace AgentGate.Diagnostics;

/// <content>Honey tokens: AG1310 to AG1329.</content>
public static partial class Codes
{
    /// <summary>A call touched a honey token.</summary>
    public const string HoneyTouched = "AG1310";

    /// <summary>The authority that was delegated to a principal, or by it, is suspended because it touched a honey token.</summary>
    public const string GrantsSuspended = "AG1311";

    /// <summary>The principal touched a honey token and is denied everything until an operator clears it.</summary>
    public const string PrincipalSuspended = "AG1312";

    /// <summary>A request about honey tokens is not well formed.</summary>
    public const string HoneyInvalid = "AG1313";

    /// <summary>The tenant has no such honey token, or no such principal that touched one.</summary>
    public const string HoneyNotFound = "AG1314";

    /// <summary>The tenant has as many honey tokens as it may.</summary>
    public const string HoneyFull = "AG1315";

    /// <summary>Nobody clears itself of having touched a honey token.</summary>
    public const string HoneySelfCleared = "AG1316";

    /// <summary>The value of a stored honey token cannot be read, so nothing is held against it.</summary>
    public const string HoneyUnreadable = "AG1317";
}
