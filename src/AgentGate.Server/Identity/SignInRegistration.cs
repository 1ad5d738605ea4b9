using AgentGate.Identity;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

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
        services.AddSingleton<BcryptPasswordHasher>();
        services.AddSingleton<IPasswordHasher<User>>(provider => provider.GetRequiredService<BcryptPasswordHasher>());
        services.AddSingleton<PasswordQueue>();
        services.AddSingleton<KnownPasswords>();
        services.AddSingleton<PasswordRules>();
        services.AddSingleton<NewPasswords>();
        services.AddSingleton<SignInLimits>();
        services.AddSingleton<FailedActs>();
        services.AddHostedService<FailedActsFlush>();
        services.AddSingleton<SignInCompletion>();
        services.AddSingleton<PasswordSignIn>();
        services.AddSingleton<TokenRefreshing>();
        services.AddSingleton<Invitations>();
        services.AddSingleton<Registration>();
        services.AddSingleton<PasswordChange>();
        services.AddHttpClient(HCaptcha.Name, client => client.Timeout = TimeSpan.FromSeconds(5));
        services.AddSingleton<HCaptcha>();
        services.AddSingleton<ProofOfWork>();
        services.AddSingleton<ICaptcha>(provider => provider.GetRequiredService<IOptions<CaptchaOptions>>().Value.Provider == HCaptcha.Name
            ? provider.GetRequiredService<HCaptcha>() : provider.GetRequiredService<ProofOfWork>());

        // Whoever brings factors or other providers registers them instead.
        services.TryAddSingleton<ISecondFactors, NoSecondFactors>();
        services.TryAddSingleton<ISignInModes, LocalSignInMode>();
        services.AddSingleton<PageDoor>();
        services.AddSingleton<FirstRun>();
        services.AddSingleton<Dashboard.Identity.ISignInLinks, SignInLinks>();

        // What the pages seal (the state between page and circuit) ends with the process, as their sign-ins do; no key is written.
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        return services;
    }
}
