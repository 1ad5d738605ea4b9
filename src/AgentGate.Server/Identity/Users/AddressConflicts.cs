using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Server.Access;

namespace AgentGate.Server.Identity.Users;

/// <summary>
/// An e-mail address signs in to one account over all tenants, so that one that is somebody's in another tenant cannot be given: the refusal tells
/// that it is somebody's. How often a tenant gets it is bounded, and each time is on record; above the bound no address is looked at.
/// </summary>
/// <remarks>Thread-safe, and exact over all servers.</remarks>
internal sealed class AddressConflicts(IUserDirectory users, IAttempts attempts, TimeProvider time)
{
    /// <summary>How many addresses of others a tenant meets in a day.</summary>
    public const int PerDay = 10;

    private const string Kind = "user-address-elsewhere";

    /// <summary>Why an address cannot be given to a user of a tenant, or <see langword="null"/>.</summary>
    public async Task<IResult?> RefusalAsync(string tenant, string email, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (met, until) = await attempts.CountAsync(Kind, tenant, now, cancellationToken);
        if (met >= PerDay)
        {
            return Limited(until - now);
        }

        if (await users.FindByEmailAsync(email, cancellationToken) is not { } holder)
        {
            return null;
        }

        return holder.Tenant == tenant || await attempts.AddBelowAsync(Kind, tenant, PerDay, TimeSpan.FromDays(1), now, cancellationToken) is not null
            ? Taken()
            : Limited(TimeSpan.FromDays(1));
    }

    /// <summary>The same words wherever the address is.</summary>
    public static IResult Taken() => ApiProblem.Of(StatusCodes.Status409Conflict, Codes.UserEmailTaken, "This e-mail address cannot be given: it signs somebody in already.", "email");

    private static IResult Limited(TimeSpan wait)
        => ApiProblem.Of(StatusCodes.Status429TooManyRequests, Codes.AddressesLimited, "Too many addresses were tried that are somebody's already. Come again later.", "email", wait);
}
