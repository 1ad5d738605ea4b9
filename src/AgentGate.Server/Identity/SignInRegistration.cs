using AgentGate.Pipeline;
using AgentGate.Server.Access;
using Microsoft.AspNetCore.DataProtection;

namespace AgentGate.Server.Identity;

/// <summary>Installs signing in to the pages.</summary>
internal static class SignInRegistration
{
    public static IServiceCollection AddSignIn(this IServiceCollection services)
    {
        services.AddSingleton<SignInTickets>();
        services.AddSingleton<SignIns>();
        services.AddSingleton<ISignIns>(provider => provider.GetRequiredService<SignIns>());
        services.AddSingleton<IFollowChanges>(provider => provider.GetRequiredService<SignIns>());
        services.AddSingleton<TokenKeys>();
        services.AddSingleton<IFollowChanges>(provider => provider.GetRequiredService<TokenKeys>());
        services.AddSingleton<AccessTokens>();
        services.AddSingleton<IdentityActs>();
        services.AddSingleton<DevelopmentUser>();
        services.AddHostedService<IdentityUpkeep>();
        services.AddOptions<SignInOptions>().BindConfiguration(SignInOptions.Section);
        services.AddSingleton<PageDoor>();
        services.AddSingleton<FirstRun>();
        services.AddSingleton<Dashboard.Identity.ISignInLinks, SignInLinks>();

        // What the pages seal (the state between page and circuit) ends with the process, as their sign-ins do; no key is written.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        return services;
    }
}
