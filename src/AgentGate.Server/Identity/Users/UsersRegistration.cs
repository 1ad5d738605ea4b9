namespace AgentGate.Server.Identity.Users;

/// <summary>Installs the administration of users.</summary>
internal static class UsersRegistration
{
    public static IServiceCollection AddUsers(this IServiceCollection services) => services.AddSingleton<Escalations>().AddSingleton<AddressConflicts>().AddSingleton<UserAdministration>();
}
