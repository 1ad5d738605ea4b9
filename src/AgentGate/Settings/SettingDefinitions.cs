using System.Collections.Frozen;

namespace AgentGate.Settings;

/// <summary>The settings there are: the published ones, each with what obeys it today.</summary>
internal static class SettingDefinitions
{
    /// <summary>What the installation, or its tenant, is called.</summary>
    public static SettingDefinition OrganizationName { get; } = new SettingDefinition.Line(
        "organization_name", "AgentGate", 100, IsAddress: false, IsInForce: true, "What this installation is called. The pages for signing in show that of the operator's tenant, and invitations say it.");

    /// <summary>Whom to ask for help.</summary>
    public static SettingDefinition SupportEmail { get; } = new SettingDefinition.Line(
        "support_email", "support@agentgate.io", 254, IsAddress: true, IsInForce: true,
        "Whom to ask for help. The pages for signing in show that of the operator's tenant, security.txt names it where nobody else is named, and invitations say it. As it came it is shown nowhere.");

    /// <summary>The settings, in the order in which they were published.</summary>
    public static IReadOnlyList<SettingDefinition> All { get; } =
    [
        OrganizationName,
        SupportEmail,
        new SettingDefinition.Number("data_retention_days", 30, 1, 3650, IsInForce: false, "How long traces are kept. Nothing deletes traces yet."),
        new SettingDefinition.Number("audit_retention_days", 365, 1, 3650, IsInForce: false, "How long the log is kept. Nothing deletes log entries."),
        new SettingDefinition.Switch("enable_threat_detection", true, IsInForce: false, "Whether requests are looked at for attacks. They are, whatever this says; guards are the operator's, in the configuration."),
        new SettingDefinition.Word("ai_write_governance_mode", ["human_gated", "autonomous"], IsInForce: false, "Whether people approve what agents write. They are asked about what policies and AgentGate:Approvals name, whatever this says."),
        new SettingDefinition.Word("pii_unknown_token_policy", ["fail_closed", "best_effort"], IsInForce: false, "What a restore does with a token nobody knows. The doors leave such a token as it is."),
        new SettingDefinition.Switch("enforce_scoped_reads", true, IsInForce: false, "Whether everybody sees only traces of their own. Traces are seen by tenant and scope."),
        new SettingDefinition.Word("pii_token_format", ["<TYPE_N>"], IsInForce: true, "How tokens of personal data look. There is one form."),
    ];

    private static readonly FrozenDictionary<string, SettingDefinition> s_byKey = All.ToFrozenDictionary(one => one.Key, StringComparer.Ordinal);

    /// <summary>The setting of a name, or <see langword="null"/>.</summary>
    public static SettingDefinition? Find(string key) => s_byKey.GetValueOrDefault(key);
}
