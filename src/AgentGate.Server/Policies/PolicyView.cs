using System.Text;
using AgentGate.Cedar.Formatting;
using AgentGate.Client.Policies;
using AgentGate.Policies;
using AgentGate.Policies.Import;
using AgentGate.Policies.Versions;

namespace AgentGate.Server.Policies;

/// <summary>Versions, findings and translations as the API shows them.</summary>
internal static class PolicyView
{
    public static PolicyVersionEntry Entry(PolicyVersion version, string? text = null) => new()
    {
        Version = version.Number,
        Id = version.Id,
        Status = version.Status switch
        {
            PolicyVersionStatus.Draft => "draft",
            PolicyVersionStatus.Shadow => "shadow",
            PolicyVersionStatus.Active => "active",
            _ => "retired",
        },
        Revision = version.Revision,
        TextHash = version.Facts.TextHash,
        SetHash = version.Facts.SetHash,
        Errors = version.Facts.Errors,
        Warnings = version.Facts.Warnings,
        Note = version.Facts.Note,
        Author = version.Author,
        CreatedAt = version.CreatedAt,
        ChangedAt = version.ChangedAt,
        ActivatedAt = version.ActivatedAt,
        Text = text,
    };

    public static PolicyCheckResult Check(PolicyCheck check)
        => new(check.IsValid, check.Errors, check.Warnings, check.Policies is null ? null : PolicyHash.Of(check.Policies), Findings(check.Findings));

    public static PolicyFindingEntry[] Findings(IEnumerable<PolicyFinding> findings) =>
    [
        .. findings.Select(finding => new PolicyFindingEntry
        {
            Severity = finding.Severity,
            Kind = finding.Kind,
            Policy = finding.Diagnostic.PolicyId,
            Line = finding.Diagnostic.Line > 0 ? finding.Diagnostic.Line : null,
            Column = finding.Diagnostic.Column > 0 ? finding.Diagnostic.Column : null,
            Message = finding.Diagnostic.Message,
            Help = finding.Diagnostic.Help,
            Snippet = finding.Diagnostic.Snippet,
        }),
    ];

    public static PolicyFindingEntry Problem(ImportProblem problem)
        => new() { Severity = PolicyFinding.Error, Kind = "import", Policy = problem.Source, Message = problem.Message };

    public static PolicyHistoryLine Line(PolicyHistoryEntry entry)
        => new(entry.Seq, entry.At, SnakeCase(entry.Event.ToString()), entry.Number, entry.TextHash, entry.By, entry.CallId);

    public static PolicyTranslationResult Translation(PolicyTranslation translation) => new(
        translation.Shape,
        translation.Text,
        [.. translation.Rules.Select(rule => new TranslatedRuleEntry(rule.Source, rule.Rule, rule.Policies, rule.Notes))],
        translation.Notes);

    public static ActivePolicyEntry Active(ActivePolicies active, int number, string? text)
        => new(number, active.Version, active.Hash, active.Shadow?.Version, text ?? active.Authorizer.Policies.ToString());

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}
