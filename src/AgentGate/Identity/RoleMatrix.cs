using AgentGate.Pipeline;

namespace AgentGate.Identity;

/// <summary>Which role carries which scope: the published matrix, row by row, and the scopes that came after it.</summary>
internal static class RoleMatrix
{
    private const string Admin = Identity.Roles.Admin;
    private const string Security = Identity.Roles.SecurityAdmin;
    private const string Approver = Identity.Roles.Approver;
    private const string Auditor = Identity.Roles.Auditor;
    private const string Developer = Identity.Roles.Developer;
    private const string AgentOperator = Identity.Roles.AgentOperator;
    private const string ServiceAgent = Identity.Roles.ServiceAgent;
    private const string Viewer = Identity.Roles.Viewer;

    /// <summary>The rows.</summary>
    public static IReadOnlyList<(string Scope, string[] Roles)> Rows { get; } =
    [
        (Scopes.UserCreate, [Admin]),
        (Scopes.UserRead, [Admin, Security, Approver, Auditor, Developer, AgentOperator, Viewer]),
        (Scopes.UserUpdate, [Admin, Security]),
        (Scopes.UserDelete, [Admin]),
        (Scopes.TracesRead, [Admin, Developer, AgentOperator, ServiceAgent, Viewer]),
        (Scopes.TraceReadAll, [Admin, Security, Approver, Auditor, Developer, AgentOperator]),
        (Scopes.TraceDelete, [Admin]),
        (Scopes.ApprovalRead, [Admin, Security, Approver, Auditor, Developer, AgentOperator, Viewer]),
        (Scopes.ApprovalDecide, [Admin, Security, Approver]),
        (Scopes.AuditRead, [Admin, Security, Approver, Auditor]),
        (Scopes.AuditExport, [Admin, Security, Auditor]),
        (Scopes.DatasetCreate, [Admin, Developer]),
        (Scopes.DatasetRead, [Admin, Security, Approver, Auditor, Developer, AgentOperator, ServiceAgent, Viewer]),
        (Scopes.DatasetUpdate, [Admin, Developer]),
        (Scopes.DatasetDelete, [Admin, Developer]),
        (Scopes.DatasetRun, [Admin, Developer, AgentOperator, ServiceAgent]),
        (Scopes.CostRead, [Admin, Security, Approver, Auditor, Developer, AgentOperator, Viewer]),
        (Scopes.CostWrite, [Admin, Developer]),
        (Scopes.CostLimit, [Admin]),
        (Scopes.ConfigRead, [Admin, Security, Auditor]),
        (Scopes.ConfigUpdate, [Admin, Security]),
        (Scopes.SecurityThreatRead, [Admin, Security, Approver, Auditor, Developer, AgentOperator, ServiceAgent, Viewer]),
        (Scopes.SecurityThreatUpdate, [Admin, Security]),

        // After the published ones: finer than config:read and config:update, which 1.0 asked for all of these.
        (Scopes.AuditVerify, [Admin, Security, Auditor]),
        (Scopes.PoliciesRead, [Admin, Security, Auditor, Developer]),
        (Scopes.PoliciesWrite, [Admin, Security]),
        (Scopes.CertificatesRead, [Admin, Security, Auditor, Developer]),
        (Scopes.EvidenceErase, [Admin]),
        (Scopes.AdmissibilityEvaluate, [Admin, Security, Auditor, Developer]),
        (Scopes.NodesRead, [Admin, Security, Auditor]),
        (Scopes.NodesWrite, [Admin, Security]),
        (Scopes.DelegationRead, [Admin, Security, Auditor]),
        (Scopes.DelegationWrite, [Admin, Security]),
        (Scopes.DeceptionRead, [Admin, Security, Auditor]),
        (Scopes.DeceptionWrite, [Admin, Security]),
        (Scopes.GuardrailsRead, [Admin, Security, Auditor]),
        (Scopes.GuardrailsWrite, [Admin, Security]),
        (Scopes.BudgetsRead, [Admin, Security, Approver, Auditor, Developer, AgentOperator, Viewer]),
        (Scopes.MetricsRead, [Admin, Security, Auditor]),
        (Scopes.KeysOwn, [Admin, Security, Approver, Auditor, Developer, AgentOperator]),
        (Scopes.KeysManage, [Admin, Security]),
        (Scopes.Doors, [Admin, Developer, AgentOperator, ServiceAgent]),
        (Scopes.DemoRead, [Admin]),
        (Scopes.PagesLink, [Admin]),

        // Everybody but an admin is given these by name, for a while.
        .. Scopes.PersonalData.Select(static scope => (scope, (string[])[Admin])),
    ];
}
