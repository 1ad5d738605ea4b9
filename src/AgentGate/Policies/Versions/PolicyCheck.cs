using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AgentGate.Cedar.Formatting;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Policies.Versions;

/// <summary>What a text says, and what is wrong with it: it parses, and it is valid against the published schema, strictly.</summary>
internal sealed record PolicyCheck
{
    /// <summary>The most bytes of a text.</summary>
    public const int BytesMax = 1024 * 1024;

    /// <summary>The most findings of one kind that are told; a text of a megabyte can hold very many.</summary>
    private const int FindingsMax = 200;

    /// <summary>The set; <see langword="null"/> where it does not parse.</summary>
    public required PolicySet? Policies { get; init; }

    public required ImmutableArray<PolicyFinding> Findings { get; init; }

    public required int Errors { get; init; }

    public required int Warnings { get; init; }

    public bool IsValid => Errors == 0;

    /// <summary>Checks a text. Thread-safe.</summary>
    /// <param name="text">The text.</param>
    /// <param name="hasApprovals">Whether a guard is installed through which a person can approve.</param>
    public static PolicyCheck Of(string text, bool hasApprovals = false)
    {
        if (!PolicySet.TryParse(text, PolicyIdSource.IdAnnotation, out var policies, out var wrong))
        {
            return new PolicyCheck
            {
                Policies = null,
                Errors = wrong.Length,
                Warnings = 0,
                Findings = [.. wrong.Take(FindingsMax).Select(diagnostic => new PolicyFinding(PolicyFinding.Error, "syntax", diagnostic))],
            };
        }

        var result = PublishedSchema.Validate(policies);
        var obligations = PolicyObligations.Faults(policies, hasApprovals);
        return new PolicyCheck
        {
            Policies = policies,
            Errors = result.Errors.Length + obligations.Length,
            Warnings = result.Warnings.Length,
            Findings =
            [
                .. result.Errors.Take(FindingsMax).Select(found => new PolicyFinding(PolicyFinding.Error, found.Kind.ToString(), found.Diagnostic)),
                .. obligations.Take(FindingsMax).Select(fault => new PolicyFinding(PolicyFinding.Error, "obligation", Of(fault.Policy, fault.Message))),
                .. result.Warnings.Take(FindingsMax).Select(found => new PolicyFinding(PolicyFinding.Warning, found.Kind.ToString(), found.Diagnostic)),
            ],
        };
    }

    /// <summary>What is kept of a text beside it.</summary>
    public PolicyText ToFacts(string text, string note)
        => new(HashOf(text), Policies is null ? null : PolicyHash.Of(Policies), Errors, Warnings, note);

    private static CedarDiagnostic Of(Policy policy, string message)
        => policy.Source is { } source ? CedarDiagnostic.At(source, policy.Span, message) with { PolicyId = policy.Id } : new CedarDiagnostic(message) { PolicyId = policy.Id };

    /// <summary>Names a text, to the byte.</summary>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}

/// <summary>One thing about a text that its author should read.</summary>
/// <param name="Severity"><see cref="Error"/> or <see cref="Warning"/>.</param>
/// <param name="Kind"><c>syntax</c>, or what the validator found.</param>
/// <param name="Diagnostic">Where and what, and what to do.</param>
internal sealed record PolicyFinding(string Severity, string Kind, CedarDiagnostic Diagnostic)
{
    public const string Error = "error";

    public const string Warning = "warning";
}
