using System.Data.Common;

namespace AgentGate.Storage;

/// <summary>
/// Reads that may be asked again: a connection that broke while it lay in the pool costs a second try and no error. Changes are never
/// repeated: nobody knows whether one that broke off was made.
/// </summary>
internal static class TenantReads
{
    private const int TriesMax = 3;

    /// <summary>Reads rows of one tenant.</summary>
    public static Task<T> ReadAsync<T>(
        this ITenantContexts contexts, string tenant, Func<AgentGateDbContext, Task<T>> read, CancellationToken cancellationToken)
        => TryAsync(() => contexts.OpenAsync(tenant, cancellationToken), read);

    /// <summary>Reads rows of every tenant.</summary>
    public static Task<T> ReadAllAsync<T>(this ITenantContexts contexts, Func<AgentGateDbContext, Task<T>> read, CancellationToken cancellationToken)
        => TryAsync(() => contexts.OpenSystemAsync(cancellationToken), read);

    private static async Task<T> TryAsync<T>(Func<ValueTask<AgentGateDbContext>> open, Func<AgentGateDbContext, Task<T>> read)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var context = await open();
                return await read(context);
            }
            catch (Exception failure) when (tries < TriesMax && IsTransient(failure))
            {
                // A new connection is opened at once; a database that is not there fails the last try.
            }
        }
    }

    /// <summary>The provider of PostgreSQL wraps what it takes for transient once more.</summary>
    private static bool IsTransient(Exception failure)
        => failure is DbException { IsTransient: true } or { InnerException: DbException { IsTransient: true } };
}
