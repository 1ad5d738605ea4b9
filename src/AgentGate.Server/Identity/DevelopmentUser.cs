using AgentGate.Identity;

namespace AgentGate.Server.Identity;

/// <summary>The user that a sign-in link of the development environment signs in: whoever holds the terminal. In any other environment it is inactive.</summary>
internal sealed class DevelopmentUser(IUserDirectory users, TimeProvider time, IHostEnvironment environment)
{
    public const string Id = "user_development";

    /// <summary>The user, made where it does not exist.</summary>
    public async Task<User> FindAsync(CancellationToken cancellationToken)
    {
        if (await users.FindAsync(Id, cancellationToken) is { } user)
        {
            return user.IsActive ? user : await SetActiveAsync(user, active: true, cancellationToken);
        }

        var made = new User
        {
            Id = Id,
            Tenant = Hosting.Tenants.Default,
            Email = "development@agentgate.localhost",
            Name = "Development",
            Role = Roles.Admin,
            Source = UserSources.Development,
            CreatedAt = time.GetUtcNow(),
        };
        await users.AddAsync(made, onlyIfFirst: false, cancellationToken);
        return await users.FindAsync(Id, cancellationToken) ?? throw new InvalidOperationException("The user of the development environment could not be made.");
    }

    /// <summary>Outside the development environment, ends what an earlier demo left.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (!environment.IsDevelopment() && await users.FindAsync(Id, cancellationToken) is { IsActive: true } left)
        {
            await SetActiveAsync(left, active: false, cancellationToken);
        }
    }

    private async Task<User> SetActiveAsync(User user, bool active, CancellationToken cancellationToken)
    {
        await users.UpdateAsync(user with { IsActive = active }, cancellationToken);
        return await users.FindAsync(Id, cancellationToken) ?? user;
    }
}
