using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Pipeline;
using AgentGate.Server.Access;

namespace AgentGate.Server.Identity.Users;

/// <summary>Makes and changes users: each act goes on record first, each change ends the sessions that rest on what was. Thread-safe.</summary>
internal sealed class UserAdministration(
    IUserDirectory users, ISignInSessionStore sessions, IPiiPermissionStore permissions, NewPasswords passwords, IdentityActs acts, Escalations escalations, AddressConflicts conflicts, IIdSource ids, TimeProvider time)
{
    /// <summary>How often a change is worked out anew because somebody else was faster.</summary>
    private const int TriesMax = 5;

    private const string Refused = "refused";

    /// <summary>Makes a user.</summary>
    public async Task<(User? User, IResult? Refusal)> CreateAsync(HttpContext context, UserDraft draft, CancellationToken cancellationToken)
    {
        var caller = context.GetCaller();
        if (UserRules.Check(draft) is { } unfit)
        {
            return (null, unfit);
        }

        var role = Roles.Parse(draft.Role)!;
        if (UserRules.Refusal(caller, role) is { } refusal)
        {
            await escalations.RefusedAsync(context, "user.created", about: null);
            return (null, refusal);
        }

        if (await conflicts.RefusalAsync(caller.Principal.Tenant, draft.Email, cancellationToken) is { } conflict)
        {
            await AppendAsync(context, "user.created", Refused, (conflict as ApiProblem)?.Code);
            return (null, conflict);
        }

        var user = new User
        {
            Id = "user_" + ids.NewId().Replace("-", string.Empty, StringComparison.Ordinal),
            Tenant = caller.Principal.Tenant,
            Email = draft.Email.Trim(),
            AddressProof = AddressProofs.Admin,
            Name = draft.Name.Trim(),
            Role = role,
            MustChangePassword = draft.Password is not null,
            CreatedAt = time.GetUtcNow(),
        };
        if (draft.Password is { } password)
        {
            var (hash, wrong) = await passwords.HashAsync(user, password, "password", cancellationToken);
            if (wrong is not null)
            {
                return (null, wrong);
            }

            user = user with { PasswordHash = hash, PasswordChangedAt = user.CreatedAt };
        }

        await AppendAsync(context, "user.created", role, about: user.Id);
        if (await users.AddAsync(user, onlyIfFirst: false, cancellationToken))
        {
            return (user, null);
        }

        await AppendAsync(context, "user.created", Refused, Codes.UserEmailTaken, user.Id);
        return (null, AddressConflicts.Taken());
    }

    /// <summary>Changes a user.</summary>
    public async Task<(User? User, IResult? Refusal)> ChangeAsync(HttpContext context, string id, UserPatch patch, CancellationToken cancellationToken)
    {
        string? hash = null;
        HashSet<(string Action, string Detail)> recorded = [];
        for (var tries = 1; tries <= TriesMax; tries++)
        {
            // Rules are asked of the user as it is in this try, not as it was in the last.
            if (await FindAsync(context, id, cancellationToken) is not { } user)
            {
                return (null, NotFound());
            }

            if ((UserRules.Check(patch) ?? UserRules.OnOneself(context.GetCaller(), user, patch)) is { } unfit)
            {
                return (null, unfit);
            }

            var may = UserScopes.Of(user, await permissions.ListAsync(user.Tenant, user.Id, cancellationToken), time.GetUtcNow());
            if (UserRules.Refusal(context.GetCaller(), user, may, patch) is { } refusal)
            {
                await escalations.RefusedAsync(context, "user.changed", id);
                return (null, refusal);
            }

            if (patch.Password is { } password && hash is null)
            {
                (hash, var wrong) = await passwords.HashAsync(user, password, "password", cancellationToken);
                if (wrong is not null)
                {
                    return (null, wrong);
                }
            }

            if (tries == 1 && patch.Email is { } email && EmailAddress.Fold(email) != EmailAddress.Fold(user.Email)
                && await conflicts.RefusalAsync(user.Tenant, email, cancellationToken) is { } conflict)
            {
                await AppendAsync(context, "user.changed", Refused, (conflict as ApiProblem)?.Code, id);
                return (null, conflict);
            }

            var changed = Apply(context.GetPrincipal().Id, user, patch, hash);
            if (IsLastAdmin(user, changed) && await IsLastAsync(user, cancellationToken))
            {
                await AppendAsync(context, "user.changed", Refused, Codes.LastAdmin, id);
                return (null, LastAdmin());
            }

            await RecordAsync(context, user, changed, recorded);

            // From here on to the end, whether who asked waits for it or not: a new password with the old sessions would be half a change.
            switch (await users.UpdateAsync(changed, CancellationToken.None))
            {
                case UserChange.Done:
                    await EndSessionsAsync(user, changed);
                    return (await FindAsync(context, id, CancellationToken.None) ?? changed, null);
                case UserChange.LastAdmin:
                    await AppendAsync(context, "user.changed", Refused, Codes.LastAdmin, id);
                    return (null, LastAdmin());
                case UserChange.EmailTaken:
                    await AppendAsync(context, "user.changed", Refused, Codes.UserEmailTaken, id);
                    return (null, AddressConflicts.Taken());
                case UserChange.Conflict:
                    break;
                default:
                    throw new InvalidOperationException("The set of outcomes is closed.");
            }
        }

        await AppendAsync(context, "user.changed", Refused, Codes.UserBusy, id);
        return (null, ApiProblem.Of(StatusCodes.Status409Conflict, Codes.UserBusy, "Others changed the user at the same time; read it again and try once more."));
    }

    /// <summary>A user of the caller's tenant: one of another is as unknown as none.</summary>
    public async Task<User?> FindAsync(HttpContext context, string id, CancellationToken cancellationToken)
        => await users.FindAsync(id, cancellationToken) is { } user && user.Tenant == context.GetPrincipal().Tenant ? user : null;

    /// <summary>The answer for a user that the tenant has not.</summary>
    public static IResult NotFound() => ApiProblem.Of(StatusCodes.Status404NotFound, Codes.UserNotFound, "There is no such user.");

    private static IResult LastAdmin()
        => ApiProblem.Of(StatusCodes.Status409Conflict, Codes.LastAdmin, "The tenant would have no active admin left; make another user an admin first.");

    private User Apply(string callerId, User user, UserPatch patch, string? hash) => user with
    {
        Email = patch.Email?.Trim() ?? user.Email,

        // Who names the address of somebody else vouches for it; for one's own new one nobody does.
        AddressProof = patch.Email is not { } email ? user.AddressProof
            : user.Id != callerId ? AddressProofs.Admin
            : EmailAddress.Fold(email) == EmailAddress.Fold(user.Email) ? user.AddressProof
            : null,
        Name = patch.Name?.Trim() ?? user.Name,
        Role = Roles.Parse(patch.Role) ?? user.Role,
        IsActive = patch.IsActive ?? user.IsActive,
        PasswordHash = hash ?? user.PasswordHash,
        MustChangePassword = hash is not null || user.MustChangePassword,
        PasswordChangedAt = hash is not null ? time.GetUtcNow() : user.PasswordChangedAt,
    };

    private static bool IsLastAdmin(User user, User changed)
        => user is { Role: Roles.Admin, IsActive: true } && changed is not { Role: Roles.Admin, IsActive: true } && user.Source != UserSources.Development;

    private async Task<bool> IsLastAsync(User user, CancellationToken cancellationToken)
        => !(await users.ListAsync(user.Tenant, cancellationToken)).Any(
            other => other.Id != user.Id && other is { Role: Roles.Admin, IsActive: true } && other.Source != UserSources.Development);

    /// <summary>One entry for each thing that changes, before it does; where somebody else was faster, one more for what would have changed in another way.</summary>
    private async Task RecordAsync(HttpContext context, User before, User after, HashSet<(string Action, string Detail)> recorded)
    {
        (bool Is, string Action, string Detail)[] all =
        [
            (before.Role != after.Role, "user.role-changed", $"{before.Role} to {after.Role}"),
            (before.IsActive != after.IsActive, after.IsActive ? "user.activated" : "user.deactivated", string.Empty),
            (before.PasswordHash != after.PasswordHash, "user.password-set", string.Empty),
            (before.Email != after.Email || before.Name != after.Name, "user.profile-changed", string.Empty),
            (before.AddressProof != after.AddressProof && after.AddressProof is not null, "user.address-confirmed", string.Empty),
        ];
        foreach (var (_, action, detail) in all.Where(one => one.Is && recorded.Add((one.Action, one.Detail))))
        {
            await AppendAsync(context, action, detail.Length == 0 ? null : detail, about: before.Id);
        }
    }

    /// <summary>What the user was signed in as is over. The stores tell every server.</summary>
    private async Task EndSessionsAsync(User before, User after)
    {
        var why = before.IsActive && !after.IsActive ? SignInEndings.Disabled
            : before.PasswordHash != after.PasswordHash ? SignInEndings.PasswordChanged
            : before.Role != after.Role ? SignInEndings.RoleChanged
            : null;
        if (why is not null)
        {
            await sessions.EndAllAsync(before.Tenant, before.Id, except: null, why, time.GetUtcNow(), CancellationToken.None);
        }
    }

    private Task AppendAsync(HttpContext context, string action, string? detail, string? code = null, string? about = null)
        => acts.AppendAsync(context, context.GetPrincipal().Tenant, context.GetPrincipal().Id, action, detail, code, about);
}
