using AgentGate.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Identity;

/// <summary>A directory at whose changes a test does something of its own first, as another server would.</summary>
internal sealed class WatchedUsers(IUserDirectory inner) : IUserDirectory
{
    /// <summary>What comes before the next change, once.</summary>
    public Func<IUserDirectory, User, Task>? BeforeUpdate { get; set; }

    /// <summary>Puts one in the place of the server's directory.</summary>
    public static void Put(WebApplicationBuilder builder)
    {
        var type = builder.Services.Last(service => service.ServiceType == typeof(IUserDirectory)).ImplementationType!;
        builder.Services.AddSingleton<IUserDirectory>(provider => new WatchedUsers((IUserDirectory)ActivatorUtilities.CreateInstance(provider, type)));
    }

    public Task<bool> AddAsync(User user, bool onlyIfFirst, CancellationToken cancellationToken) => inner.AddAsync(user, onlyIfFirst, cancellationToken);

    public Task<User?> FindAsync(string id, CancellationToken cancellationToken) => inner.FindAsync(id, cancellationToken);

    public Task<User?> FindByEmailAsync(string email, CancellationToken cancellationToken) => inner.FindByEmailAsync(email, cancellationToken);

    public Task<IReadOnlyList<User>> ListAsync(string tenant, CancellationToken cancellationToken) => inner.ListAsync(tenant, cancellationToken);

    public async Task<UserChange> UpdateAsync(User user, CancellationToken cancellationToken)
    {
        var before = BeforeUpdate;
        BeforeUpdate = null;
        if (before is not null)
        {
            await before(inner, user);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return await inner.UpdateAsync(user, cancellationToken);
    }

    public Task<int> CountAsync(CancellationToken cancellationToken) => inner.CountAsync(cancellationToken);
}
