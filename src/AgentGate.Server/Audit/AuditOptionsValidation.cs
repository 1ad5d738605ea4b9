using AgentGate.Audit;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Audit;

/// <summary>Stops the start where the log could not work as configured.</summary>
internal sealed class AuditOptionsValidation : IValidateOptions<AuditOptions>
{
    public ValidateOptionsResult Validate(string? name, AuditOptions options)
        => options.Problems() is { Count: > 0 } problems ? ValidateOptionsResult.Fail(problems) : ValidateOptionsResult.Success;
}
