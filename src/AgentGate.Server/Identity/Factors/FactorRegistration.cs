using AgentGate.Identity;
using AgentGate.Server.Identity.Device;
using AgentGate.Server.Identity.Passkeys;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity.Factors;

/// <summary>Installs second factors, passkeys, step-up and the device flow.</summary>
internal static class FactorRegistration
{
    public static IServiceCollection AddFactors(this IServiceCollection services)
    {
        services.AddSingleton<BackupCodes>();
        services.AddSingleton<FactorLimits>();
        services.AddSingleton<SecondFactors>();
        services.AddSingleton<ISecondFactors>(provider => provider.GetRequiredService<SecondFactors>());
        services.AddSingleton<FactorProofs>();
        services.AddSingleton<StepUps>();
        services.AddSingleton<TotpEnrolment>();
        services.AddSingleton<PasskeySite>();
        services.AddSingleton<PasskeyCeremonies>();
        services.AddSingleton<IPostConfigureOptions<PasskeyOptions>, PublishedPasskeyNames>();
        services.AddSingleton<DeviceCodes>();
        services.AddSingleton<IPostConfigureOptions<DeviceOptions>, PublishedDeviceNames>();
        return services;
    }
}
