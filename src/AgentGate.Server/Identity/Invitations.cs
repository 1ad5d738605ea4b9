using System.Text.Json;
using AgentGate.Identity;
using AgentGate.Pipeline;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity;

/// <summary>Invitations: a secret that makes one user of one role, once, for a while.</summary>
internal sealed class Invitations(IOneTimeRecords records, IUserDirectory users, IIdSource ids, TimeProvider time, IOptions<SignInOptions> options)
{
    private const string Kind = "invitation";

    /// <summary>The most open invitations of a tenant.</summary>
    public const int OpenMax = 500;

    /// <summary>Makes an invitation.</summary>
    /// <returns>It, and its secret.</returns>
    public async Task<(Invitation Invitation, string Secret)> CreateAsync(string tenant, string inviter, bool byUser, string? email, string role, CancellationToken cancellationToken)
    {
        var (secret, now) = (IdentitySecrets.Create(ids), time.GetUtcNow());
        var invitation = new Invitation(ids.NewId(), tenant, inviter, byUser, email, role, now, now + options.Value.Invitation);
        await records.AddAsync(
            new OneTimeRecord
            {
                Kind = Kind,
                SecretDigest = IdentitySecrets.DigestOf(secret),
                Tenant = tenant,
                UserId = inviter,
                Content = JsonSerializer.Serialize(invitation),
                CreatedAt = now,
                ExpiresAt = invitation.ExpiresAt,
            },
            cancellationToken);
        return (invitation, secret);
    }

    /// <summary>The open invitations of a tenant, newest first.</summary>
    public async Task<IReadOnlyList<Invitation>> ListAsync(string tenant, CancellationToken cancellationToken)
        => [.. (await records.ListAsync(tenant, Kind, time.GetUtcNow(), cancellationToken)).Select(Read)];

    /// <summary>Takes an invitation back.</summary>
    /// <returns>Whether the tenant had it.</returns>
    public async Task<bool> WithdrawAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        foreach (var record in await records.ListAsync(tenant, Kind, now, cancellationToken))
        {
            if (Read(record).Id == id)
            {
                return await records.UpdateAsync(record with { ExpiresAt = now }, cancellationToken);
            }
        }

        return false;
    }

    /// <summary>The invitation of a secret, if it is good for an address; looking does not use it.</summary>
    public async Task<Invitation?> FindAsync(string? secret, string email, CancellationToken cancellationToken)
        => IdentitySecrets.IsOne(secret) && await records.FindAsync(Kind, secret!, time.GetUtcNow(), cancellationToken) is { } record
            && await IsGoodAsync(Read(record), email, cancellationToken)
                ? Read(record)
                : null;

    /// <summary>Uses an invitation up. Of all that try, one gets it.</summary>
    public async Task<bool> TakeAsync(string secret, CancellationToken cancellationToken)
        => await records.TakeAsync(Kind, secret, time.GetUtcNow(), cancellationToken) is not null;

    private static Invitation Read(OneTimeRecord record) => JsonSerializer.Deserialize<Invitation>(record.Content)!;

    /// <summary>Whoever invited must still be allowed to give the role: a demoted admin leaves no doors open.</summary>
    private async Task<bool> IsGoodAsync(Invitation invitation, string email, CancellationToken cancellationToken)
        => (invitation.Email is not { } invited || EmailAddress.Fold(invited) == EmailAddress.Fold(email))
            && (!invitation.ByUser
                || (await users.FindAsync(invitation.Inviter, cancellationToken) is { IsActive: true } inviter
                    && Roles.ScopesOf(inviter.Role).Contains(Scopes.UserCreate) && Roles.Covers(inviter.Role, invitation.Role)));
}
