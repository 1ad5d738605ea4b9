using AgentGate.Identity;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentGate.Server.Identity.Users;

/// <summary>Installs the administration of users and of what they are given by name.</summary>
internal static class UsersRegistration
{
    public static IServiceCollection AddUsers(this IServiceCollection services)
    {
        services.TryAddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services.AddSingleton<UserPasswords>();
        services.AddSingleton<UserAdministration>();
        return services;
    }
}
