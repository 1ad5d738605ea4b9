using AgentGate.Providers;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Providers;

/// <summary>Stops the start when the providers' configuration is not usable.</summary>
internal sealed class ProvidersValidator(IConfiguration configuration) : IValidateOptions<ProvidersOptions>
{
    public ValidateOptionsResult Validate(string? name, ProvidersOptions options)
        => ProvidersCheck.Errors(options, key => configuration[key]) is { Count: > 0 } errors
            ? ValidateOptionsResult.Fail(errors)
            : ValidateOptionsResult.Success;
}
