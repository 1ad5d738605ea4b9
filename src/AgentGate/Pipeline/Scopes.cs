using System.Collections.Frozen;

namespace AgentGate.Pipeline;

/// <summary>What a key may be used for. A key carries a set of these and nothing is implied by another.</summary>
internal static class Scopes
{
    /// <summary>Use the model doors (<c>/v1/*</c>). The only scope an agent needs.</summary>
    public const string Doors = "doors";

    /// <summary>Read the traces of one's own tenant.</summary>
    public const string TracesRead = "trace:read";

    /// <summary>Read the log of one's own tenant.</summary>
    public const string AuditRead = "audit:read";

    /// <summary>Have the log of one's own tenant verified.</summary>
    public const string AuditVerify = "audit:verify";

    /// <summary>Export the log of one's own tenant.</summary>
    public const string AuditExport = "audit:export";

    /// <summary>Read the metrics of the whole server.</summary>
    public const string MetricsRead = "metrics:read";

    /// <summary>Read the budgets of one's own tenant.</summary>
    public const string BudgetsRead = "budgets:read";

    /// <summary>Create, list and revoke keys.</summary>
    public const string KeysManage = "keys:manage";

    /// <summary>Read what the demo provider received.</summary>
    public const string DemoRead = "demo:read";

    /// <summary>Get a one-time link that signs a browser in to the pages.</summary>
    public const string PagesLink = "pages:link";

    /// <summary>Read the policy sets of one's own tenant.</summary>
    public const string PoliciesRead = "policies:read";

    /// <summary>Draft policy sets of one's own tenant, and ask for one to be activated.</summary>
    public const string PoliciesWrite = "policies:write";

    /// <summary>Read the certificates of one's own tenant, and what proves them.</summary>
    public const string CertificatesRead = "certificates:read";

    /// <summary>Destroy the keys of evidence in one's own tenant.</summary>
    public const string EvidenceErase = "evidence:erase";

    /// <summary>Ask whether something would be admissible, and have plans verified.</summary>
    public const string AdmissibilityEvaluate = "admissibility:evaluate";

    /// <summary>Read the safety nodes of one's own tenant.</summary>
    public const string NodesRead = "nodes:read";

    /// <summary>Register and remove safety nodes of one's own tenant.</summary>
    public const string NodesWrite = "nodes:write";

    /// <summary>Read the grants and revocations of one's own tenant.</summary>
    public const string DelegationRead = "delegation:read";

    /// <summary>Ask for grants of one's own tenant to be issued and revoked.</summary>
    public const string DelegationWrite = "delegation:write";

    /// <summary>Read the honey tokens of one's own tenant, and who touched them. Never their values.</summary>
    public const string DeceptionRead = "deception:read";

    /// <summary>Set and remove honey tokens of one's own tenant, and clear principals that touched one.</summary>
    public const string DeceptionWrite = "deception:write";

    /// <summary>Read the guardrails of one's own tenant, and what they remember.</summary>
    public const string GuardrailsRead = "guardrails:read";

    /// <summary>Make guardrails forget what they remember of one's own tenant.</summary>
    public const string GuardrailsWrite = "guardrails:write";

    // The published permissions of people, by their published names.
    public const string UserCreate = "user:create";
    public const string UserRead = "user:read";
    public const string UserUpdate = "user:update";
    public const string UserDelete = "user:delete";
    public const string TraceReadAll = "trace:read_all";
    public const string TraceDelete = "trace:delete";
    public const string ApprovalRead = "approval:read";
    public const string ApprovalDecide = "approval:decide";
    public const string DatasetCreate = "dataset:create";
    public const string DatasetRead = "dataset:read";
    public const string DatasetUpdate = "dataset:update";
    public const string DatasetDelete = "dataset:delete";
    public const string DatasetRun = "dataset:run";
    public const string CostRead = "cost:read";
    public const string CostWrite = "cost:write";
    public const string CostLimit = "cost:limit";
    public const string ConfigRead = "config:read";
    public const string ConfigUpdate = "config:update";
    public const string SecurityThreatRead = "security_threat:read";
    public const string SecurityThreatUpdate = "security_threat:update";

    /// <summary>Make, list and revoke one's own keys, none of which may do more than oneself.</summary>
    public const string KeysOwn = "keys:own";

    // What somebody may do with personal data: given to a user by name, see docs/roles.md. The published values, each after "pii:".
    public const string PiiStore = "pii:store";
    public const string PiiRetrieve = "pii:retrieve";
    public const string PiiDelete = "pii:delete";
    public const string PiiBulkRetrieve = "pii:bulk_retrieve";
    public const string PiiClearSession = "pii:clear_session";
    public const string PiiClearAll = "pii:clear_all";
    public const string PiiExport = "pii:export";
    public const string PiiAuditRead = "pii:audit_read";
    public const string PiiKeyRotate = "pii:key:rotate";
    public const string PiiKeyView = "pii:key:view";
    public const string PiiConfigView = "pii:config:view";
    public const string PiiConfigModify = "pii:config:modify";

    /// <summary>The scopes about personal data, in the order in which they were published.</summary>
    public static IReadOnlyList<string> PersonalData { get; } =
    [
        PiiStore, PiiRetrieve, PiiDelete, PiiBulkRetrieve, PiiClearSession, PiiClearAll, PiiExport, PiiAuditRead, PiiKeyRotate, PiiKeyView, PiiConfigView,
        PiiConfigModify,
    ];

    /// <summary>Every scope.</summary>
    public static FrozenSet<string> All { get; } = new[]
    {
        Doors, TracesRead, AuditRead, AuditVerify, AuditExport, MetricsRead, KeysManage, DemoRead, BudgetsRead, PagesLink,
        PoliciesRead, PoliciesWrite, CertificatesRead, EvidenceErase, AdmissibilityEvaluate, NodesRead, NodesWrite,
        DelegationRead, DelegationWrite, DeceptionRead, DeceptionWrite, GuardrailsRead, GuardrailsWrite,
        UserCreate, UserRead, UserUpdate, UserDelete, TraceReadAll, TraceDelete, ApprovalRead, ApprovalDecide,
        DatasetCreate, DatasetRead, DatasetUpdate, DatasetDelete, DatasetRun, CostRead, CostWrite, CostLimit,
        ConfigRead, ConfigUpdate, SecurityThreatRead, SecurityThreatUpdate, KeysOwn,
        PiiStore, PiiRetrieve, PiiDelete, PiiBulkRetrieve, PiiClearSession, PiiClearAll, PiiExport, PiiAuditRead, PiiKeyRotate, PiiKeyView, PiiConfigView,
        PiiConfigModify,
    }.ToFrozenSet(StringComparer.Ordinal);
}
