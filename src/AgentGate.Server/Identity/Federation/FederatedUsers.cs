using System.Collections.Immutable;
using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Pipeline;

namespace AgentGate.Server.Identity.Federation;

/// <summary>
/// Finds the user of an identity that a provider vouches for. The first time by an e-mail address that the provider verified, and for which
/// somebody vouched here, from then on by the provider's own name for the person. A role comes from rules of the configuration and from nothing else.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class FederatedUsers(
    IUserDirectory users, IIdentityLinks links, IdentityActs acts, IIdSource ids, TimeProvider time)
{
    private const int TriesMax = 5;

    /// <summary>The user, or why there is none.</summary>
    public async Task<Found> FindAsync(HttpContext context, OidcProvider provider, FederatedIdentity identity)
    {
        var (cancel, issuer) = (context.RequestAborted, provider.Options.Issuer!);
        for (var tries = 0; tries < TriesMax; tries++)
        {
            if (await links.FindAsync(issuer, identity.Subject, cancel) is { } link)
            {
                if (await users.FindAsync(link.UserId, cancel) is not { } known || known.Tenant != provider.Options.Tenant)
                {
                    return Found.Refused(Codes.FederationUnlinked, "The account of this identity is gone. Ask an admin.");
                }

                if (!known.IsActive)
                {
                    return Found.Refused(Codes.FederationDisabled, "This account is disabled. Ask an admin.", known);
                }

                await links.SeenAsync(link, time.GetUtcNow(), cancel);
                return await WithRoleAsync(context, provider, identity, known);
            }

            if (await LinkAsync(context, provider, identity) is { } refusal)
            {
                return refusal;
            }
        }

        return Found.Refused(Codes.FederationUnlinked, "The account was changed elsewhere at this moment. Try again.");
    }

    /// <summary>Ties the identity to the user of its address, or to a new one.</summary>
    /// <returns>Why not, or <see langword="null"/> where it is tied, here or by somebody else at this moment.</returns>
    private async Task<Found?> LinkAsync(HttpContext context, OidcProvider provider, FederatedIdentity identity)
    {
        var (cancel, now) = (context.RequestAborted, time.GetUtcNow());
        if (identity.VerifiedEmail is not { } email)
        {
            return Found.Refused(Codes.FederationUnlinked, "The provider does not vouch for an e-mail address, so this identity is nobody's here.");
        }

        var user = await users.FindByEmailAsync(email, cancel);
        if (user is null)
        {
            return await AddAsync(context, provider, identity, email);
        }

        if (user.Tenant != provider.Options.Tenant || user.Source == UserSources.Development)
        {
            return Found.Refused(Codes.FederationUnlinked, "This provider signs nobody in to that account.");
        }

        if (!user.IsActive)
        {
            return Found.Refused(Codes.FederationDisabled, "This account is disabled. Ask an admin.", user);
        }

        if (user.AddressProof is null)
        {
            // Whoever made the account wrote the address of somebody else, perhaps, and would share the account with its owner from now on.
            return Found.Refused(
                Codes.FederationAddressUnproved, "Nobody vouched that the address of this account is its user's own. An admin confirms it: PATCH /api/users/{id} with the same `email`.", user);
        }

        if (await links.HasAsync(user.Tenant, user.Id, provider.Options.Issuer!, cancel))
        {
            // The provider gave the address to somebody else: an address comes and goes, the account stays with whom it was tied to.
            return await links.FindAsync(provider.Options.Issuer!, identity.Subject, cancel) is not null
                ? null
                : Found.Refused(Codes.FederationUnlinked, "The account of this address is tied to another identity of this provider. Ask an admin.", user);
        }

        await TieAsync(context, provider, new IdentityLink(provider.Options.Issuer!, identity.Subject, user.Tenant, user.Id, now, now));
        return null;
    }

    private async Task<Found?> AddAsync(HttpContext context, OidcProvider provider, FederatedIdentity identity, string email)
    {
        var (cancel, now, role) = (context.RequestAborted, time.GetUtcNow(), MappedRole(provider, identity) ?? provider.Options.DefaultRole);
        if (!provider.Options.CreateUsers)
        {
            return Found.Refused(Codes.FederationUnlinked, "Nobody here has this e-mail address. Ask an admin for an invitation.");
        }

        if (role != Roles.Admin && await users.CountAsync(cancel) == 0)
        {
            // The first user ends the setup; without rights it would end it for good.
            return Found.Refused(Codes.FederationUnlinked, "There is no user yet: the first one is made by the setup, or is an admin by a rule of the configuration.");
        }

        var user = new User
        {
            Id = UserIds.Create(ids),
            Tenant = provider.Options.Tenant,
            Email = email,
            Name = identity.Name is { Length: > 0 and <= 120 } name && !name.Any(char.IsControl) ? name : email,
            Role = role,
            Source = UserSources.Oidc,
            AddressProof = AddressProofs.Provider,
            CreatedAt = now,
        };
        var added = await acts.DoAsync(
            context, user.Tenant, user.Id, "user.created", $"{provider.Name} {role}",
            () => users.AddAsync(user, onlyIfFirst: false, cancel), static done => done ? null : Codes.EmailTaken);
        if (added)
        {
            await TieAsync(context, provider, new IdentityLink(provider.Options.Issuer!, identity.Subject, user.Tenant, user.Id, now, now));
        }

        return null;
    }

    private Task<bool> TieAsync(HttpContext context, OidcProvider provider, IdentityLink link)
        => acts.DoAsync(
            context, link.Tenant, link.UserId, "auth.identity-linked", provider.Name,
            () => links.AddAsync(link, context.RequestAborted), static done => done ? null : Codes.FederationUnlinked);

    /// <summary>Gives a user of the provider the role its rules say now, and holds whoever it is to it.</summary>
    private async Task<Found> WithRoleAsync(HttpContext context, OidcProvider provider, FederatedIdentity identity, User user)
    {
        if (provider.Options.Roles.Count == 0)
        {
            return new Found(user, default, null, null);
        }

        var role = MappedRole(provider, identity) ?? provider.Options.DefaultRole;
        if (user.Source == UserSources.Oidc && user.Role != role)
        {
            var changed = await acts.DoAsync(
                context, user.Tenant, user.Id, "user.role-changed", $"{provider.Name} {role}",
                () => users.UpdateAsync(user with { Role = role }, context.RequestAborted), static change => change == UserChange.Done ? null : Codes.UserBusy);
            if (changed == UserChange.Done)
            {
                user = await users.FindAsync(user.Id, context.RequestAborted) ?? user;
            }
        }

        // A user made here keeps its role; a session the provider vouches for does no more than the rules say.
        return new Found(user, user.Role == role ? default : [.. Roles.ScopesOf(role).Order(StringComparer.Ordinal)], null, null);
    }

    private static string? MappedRole(OidcProvider provider, FederatedIdentity identity)
        => Roles.Parse(provider.Options.Roles.FirstOrDefault(rule => identity.RoleValues.Contains(rule.Value, StringComparer.Ordinal))?.Role);

    /// <summary>The user, or why there is none.</summary>
    /// <param name="User">The user; of a refusal, whom it concerns.</param>
    /// <param name="Scopes">What its session is held to.</param>
    /// <param name="Code">Why not.</param>
    /// <param name="Detail">In words.</param>
    internal sealed record Found(User? User, ImmutableArray<string> Scopes, string? Code, string? Detail)
    {
        public static Found Refused(string code, string detail, User? user = null) => new(user, default, code, detail);
    }
}
