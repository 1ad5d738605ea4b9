using AgentGate.Pii.Vault;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AgentGate.Storage.Pii;

/// <summary>Registers the vault of the embedded profile.</summary>
internal static class SqlitePiiServiceCollectionExtensions
{
    /// <summary>Puts the vault in SQLite in place of the one in memory. Needs an <see cref="IMasterKeySource"/>.</summary>
    public static IServiceCollection AddSqlitePiiVault(this IServiceCollection services)
        => services.Replace(ServiceDescriptor.Singleton<IPiiVault, SqlitePiiVault>());
}
