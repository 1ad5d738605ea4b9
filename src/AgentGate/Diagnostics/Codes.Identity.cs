namespace AgentGate.Diagnostics;

public static partial class Codes
{
    /// <summary>The call names no principal or no tenant.</summary>
    public const string UnknownPrincipal = "AG6101";
}
