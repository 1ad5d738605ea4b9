using AgentGate.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Storage.Identity;

/// <summary>Registers the stores of identity: written once, for both profiles.</summary>
internal static class IdentityStoreRegistration
{
    public static IServiceCollection AddIdentityStores(this IServiceCollection services)
    {
        services.AddSingleton<IdentityCipher>();
        services.AddSingleton<IdentityChanges>();
        services.AddSingleton<ITokenKeyStore, EfTokenKeyStore>();
        services.AddSingleton<IUserDirectory, EfUserDirectory>();
        services.AddSingleton<ISignInSessionStore, EfSignInSessionStore>();
        services.AddSingleton<IOneTimeRecords, EfOneTimeRecords>();
        services.AddSingleton<IPiiPermissionStore, EfPiiPermissionStore>();
        services.AddSingleton<IActOrigins, EfActOrigins>();
        services.AddSingleton<IAttempts, EfAttempts>();
        services.AddSingleton<IPasskeys, EfPasskeys>();
        services.AddSingleton<IIdentityLinks, EfIdentityLinks>();
        return services;
    }
}
