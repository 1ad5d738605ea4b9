using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;

namespace AgentGate.Policies;

/// <summary>Refuses settings that mean nothing, or demand what this installation cannot fulfil, before the first call is judged.</summary>
internal sealed class AdmissibilityOptionsValidator(ApprovalsInstalled? approvals = null) : IValidateOptions<AdmissibilityOptions>
{
    public ValidateOptionsResult Validate(string? name, AdmissibilityOptions options)
    {
        var problems = options.Problems().Select(static problem => $"{Codes.ConfigurationInvalid}: {problem}")
            .Concat(PolicyObligations.Faults(options).Where(_ => approvals is null))
            .ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
