using AgentGate.Diagnostics;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;

namespace AgentGate.Policies;

/// <summary>Refuses configured policies that do not parse or do not fit the published schema, before the first call is judged by them.</summary>
internal sealed class PolicyOptionsValidator(ApprovalsInstalled? approvals = null) : IValidateOptions<PolicyOptions>
{
    public ValidateOptionsResult Validate(string? name, PolicyOptions options)
        => !Enum.IsDefined(options.SecondPerson)
            ? ValidateOptionsResult.Fail($"{Codes.ConfigurationInvalid}: AgentGate:Policies:SecondPerson is WherePossible, Always or Never.")
            : ConfiguredPolicies.Read(options, out _, out _, approvals is not null) is { IsEmpty: false } faults
            ? ValidateOptionsResult.Fail(faults.Select(static fault => $"{Codes.ConfigurationInvalid}: {fault}"))
            : ValidateOptionsResult.Success;
}
