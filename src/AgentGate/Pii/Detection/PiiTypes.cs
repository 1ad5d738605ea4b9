namespace AgentGate.Pii.Detection;

/// <summary>The names of the built-in types, as they stand in tokens and in configuration.</summary>
internal static class PiiTypes
{
    /// <summary>Reserved for look-alike tokens in inbound text; never a type of a finding.</summary>
    public const string Literal = "LITERAL";

    /// <summary>Indexed by <see cref="PiiKind"/>.</summary>
    public static readonly string[] Names =
    [
        "SSN", "CREDIT_CARD", "EMAIL", "PHONE", "API_KEY", "IBAN", "IP_ADDRESS", "MAC_ADDRESS",
        "US_PASSPORT", "US_DRIVER_LICENSE", "US_BANK_ROUTING", "US_BANK_ACCOUNT", "JWT", "PRIVATE_KEY",
    ];

    public static string Name(PiiKind kind) => Names[(int)kind];

    public static bool IsBuiltIn(string name) => Array.IndexOf(Names, name) >= 0;
}
