using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Keys;
using AgentGate.Pipeline;
using AgentGate.Server.Hosting;
using AgentGate.Server.Identity;
using AgentGate.Server.Keys;

namespace AgentGate.Server.Setup;

/// <summary>Makes the first user of an installation, race-free: the directory adds it only where there is none.</summary>
internal sealed partial class FirstUser(
    IUserDirectory users, NewPasswords passwords, SetupCode code, IdentityActs acts, ApiKeyService keys, StateDirectory state, IIdSource ids, TimeProvider time, ILogger<FirstUser> logger)
{
    /// <summary>What the first key may do: use the doors, and read what they did.</summary>
    public static IReadOnlyList<string> KeyScopes { get; } =
        [Scopes.Doors, Scopes.TracesRead, Scopes.AuditRead, Scopes.BudgetsRead, Scopes.PoliciesRead, Scopes.CertificatesRead, Scopes.AdmissibilityEvaluate];

    /// <summary>Makes the user, or says why not.</summary>
    public async Task<IResult> CreateAsync(HttpContext context, SetupRequest request)
    {
        var user = new User
        {
            Id = UserIds.Create(ids),
            Tenant = Tenants.Default,
            Email = request.Email.Trim(),
            Name = request.Name?.Trim() is { Length: > 0 } name ? name : "Admin",
            Role = Roles.Admin,
            AddressProof = AddressProofs.Admin,
            CreatedAt = time.GetUtcNow(),
            PasswordChangedAt = time.GetUtcNow(),
        };
        if (UserIds.Fault(user) is { } fault)
        {
            return AccountProblem.Of(Codes.AccountRequestInvalid, fault.Detail, fault.Field);
        }

        var (hash, problem) = await passwords.HashAsync(user, request.Password, "password", context.RequestAborted);
        if (hash is null)
        {
            return problem!;
        }

        await acts.AppendAsync(context, user.Tenant, user.Id, "setup.complete", "asked for");
        if (!await users.AddAsync(user with { PasswordHash = hash }, onlyIfFirst: true, context.RequestAborted))
        {
            await acts.AppendAsync(context, user.Tenant, user.Id, "setup.complete", "another was first", Codes.SetupClosed);
            return AccountProblem.Of(Codes.SetupClosed, "There is a user: the setup is over. Sign in, or ask an admin for an invitation.");
        }

        code.Remove();
        await acts.AppendAsync(context, user.Tenant, user.Id, "setup.complete", "done");
        var key = request.CreateApiKey ? await KeyAsync(context, user) : null;
        return TypedResults.Ok(new SetupResult
        {
            Success = true,
            UserId = user.Id,
            Email = user.Email,
            Role = user.Role,
            ApiKey = key?.Text,
            ApiKeyPrefix = key?.Text[..12],
            CredentialsFileHint = $"Keep the key in a file that only you can read. The server's own secrets are in {Path.GetFileName(state.Path)}/ on its machine: back that directory up.",
            NextSteps =
            [
                "Sign in: POST /api/auth/login.",
                "Set up a second factor.",
                "Invite others: POST /api/invitations.",
                request.CreateApiKey && key is null ? "The API key could not be made; make one when you are signed in." : "Point an agent at /v1 with an API key.",
            ],
        });
    }

    private async Task<CreatedApiKey?> KeyAsync(HttpContext context, User user)
    {
        try
        {
            // The key of the user as any other: it ends with its time, with its owner's rights, and nobody approves what it asks for in its stead.
            var draft = new NewApiKey
            {
                Tenant = user.Tenant,
                OwnerId = user.Id,
                PrincipalId = "agent_" + ids.NewId().Replace("-", string.Empty, StringComparison.Ordinal),
                Name = "mcp-default",
                Scopes = [.. KeyScopes],
                ExpiresAt = time.GetUtcNow().AddDays(KeyRules.DaysDefault),
            };
            await acts.AppendAsync(context, user.Tenant, user.Id, "key.created", about: draft.PrincipalId);
            return await keys.CreateAsync(draft, context.RequestAborted);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The user is made, and nobody can be made a second time: the answer says what is missing.
            Log.KeyFailed(logger, failure);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(6804, LogLevel.Error, Codes.SetupKeyFailed + ": the first API key could not be made; the user was.")]
        public static partial void KeyFailed(ILogger logger, Exception failure);
    }
}
