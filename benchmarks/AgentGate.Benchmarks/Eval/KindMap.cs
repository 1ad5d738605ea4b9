namespace AgentGate.Benchmarks.Eval;

/// <summary>
/// The one table from the labels of the data to the types of the scanner. A row is judged against the type of its kind; the
/// text that the scanner sees is the bare text of the row, with default options, whatever the kind.
/// </summary>
internal static class KindMap
{
    private static readonly string[] Secrets = ["API_KEY", "JWT", "PRIVATE_KEY"];

    /// <summary>The types over which the targets are averaged.</summary>
    public static readonly string[] Counted =
    [
        "SSN", "CREDIT_CARD", "EMAIL", "PHONE", "API_KEY", "IBAN", "IP_ADDRESS", "MAC_ADDRESS", "US_PASSPORT", "US_DRIVER_LICENSE", "US_BANK_ROUTING", "JWT", "PRIVATE_KEY",
    ];

    /// <summary>Labels of recogniser rows and of spans. Kinds that are not here have no type of ours.</summary>
    private static readonly Dictionary<string, KindTarget> Labels = new(StringComparer.Ordinal)
    {
        ["US_SSN"] = new("SSN"),
        ["EN_US_SOCIAL_SECURITY_NUMBER"] = new("SSN"),
        ["CREDIT_CARD"] = new("CREDIT_CARD"),
        ["EMAIL_ADDRESS"] = new("EMAIL"),
        ["EMAILS"] = new("EMAIL"),
        ["PHONE_NUMBER"] = new("PHONE"),
        ["IBAN_CODE"] = new("IBAN"),
        ["IP_ADDRESS"] = new("IP_ADDRESS"),
        ["MAC_ADDRESS"] = new("MAC_ADDRESS"),
        ["US_PASSPORT"] = new("US_PASSPORT"),
        ["US_DRIVER_LICENSE"] = new("US_DRIVER_LICENSE"),
        ["ABA_ROUTING_NUMBER"] = new("US_BANK_ROUTING"),

        // Judged, but printed beside: their label 0 means "not of this country", which a valid number of another country is.
        ["TR_PHONE_NUMBER"] = new("PHONE", IsCounted: false),
        ["PH_MOBILE_NUMBER"] = new("PHONE", IsCounted: false),
        ["US_BANK_NUMBER"] = new("US_BANK_ACCOUNT", IsCounted: false),
        ["DRIVERS_LICENCE"] = new("US_DRIVER_LICENSE", IsCounted: false),
        ["UK_DRIVING_LICENCE"] = new("US_DRIVER_LICENSE", IsCounted: false),
        ["CREDENTIALS"] = new("API_KEY", IsCounted: false),
    };

    /// <summary>The target of a recogniser row or a span.</summary>
    public static KindTarget? OfLabel(string label) => Labels.GetValueOrDefault(label);

    /// <summary>The target of a row of secrets: every kind is a credential but these.</summary>
    public static KindTarget OfSecret(string kind) => kind switch
    {
        "jwt" or "jwt-base64" => new KindTarget("JWT"),
        "private-key" or "age-secret-key" => new KindTarget("PRIVATE_KEY"),

        // Its label 0 holds private addresses, which are addresses to us.
        "ip_public" => new KindTarget("IP_ADDRESS", IsCounted: false),
        _ => new KindTarget("API_KEY"),
    };

    /// <summary>Whether a finding of <paramref name="found"/> answers a row that asks for <paramref name="wanted"/>: any credential type does for a credential.</summary>
    public static bool Answers(string wanted, string found) => wanted == found || (wanted == "API_KEY" && Secrets.Contains(found));
}

/// <summary>What a kind of the data is to us.</summary>
/// <param name="Type">The type of ours.</param>
/// <param name="IsCounted">Whether the row counts towards the targets.</param>
internal sealed record KindTarget(string Type, bool IsCounted = true);
