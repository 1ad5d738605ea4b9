using AgentGate.Pii.Restoring;
using Microsoft.Extensions.Options;

namespace AgentGate.Pii;

/// <summary>Refuses options that would not protect, with the key and the way out in the message.</summary>
internal sealed class PiiVaultOptionsValidator : IValidateOptions<PiiVaultOptions>
{
    public ValidateOptionsResult Validate(string? name, PiiVaultOptions options)
    {
        List<string> faults = [];
        if (options.SessionTtl < TimeSpan.FromMinutes(1) || options.SessionTtl > TimeSpan.FromDays(366))
        {
            faults.Add("AgentGate:PiiVault:SessionTtl must be between one minute and 366 days.");
        }

        if (options.MaxValuesPerCall is < 1 or > 1_000_000)
        {
            faults.Add("AgentGate:PiiVault:MaxValuesPerCall must be between 1 and 1000000.");
        }

        foreach (var host in options.RestoreHosts)
        {
            if (RestoreHosts.Normalise(host) is null)
            {
                faults.Add($"AgentGate:PiiVault:RestoreHosts: '{host}' is not a host name; write it without scheme, port and path.");
            }
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }
}
