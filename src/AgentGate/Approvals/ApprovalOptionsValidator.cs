using AgentGate.Diagnostics;
using Microsoft.Extensions.Options;

namespace AgentGate.Approvals;

/// <summary>Refuses options under which calls would wait for nobody.</summary>
internal sealed class ApprovalOptionsValidator : IValidateOptions<ApprovalOptions>
{
    public ValidateOptionsResult Validate(string? name, ApprovalOptions options)
    {
        var faults = ApprovalOptions.Faults(options).Select(static fault => $"{Codes.ApprovalOptionsInvalid}: {fault}").ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
