using System.Text.Json.Nodes;
using AgentGate.Identity;
using AgentGate.Pipeline;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity.Passkeys;

/// <summary>
/// Registering and showing passkeys (WebAuthn Level 3 §7) by the handler of ASP.NET Core Identity. Challenges are kept for all servers, good
/// once and for a few minutes, each for what it was made for and, where one is known, for its user.
/// </summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class PasskeyCeremonies(
    IUserDirectory users, IPasskeys passkeys, IOneTimeRecords records, PasskeySite site, IIdSource ids, TimeProvider time, IOptions<PasskeyOptions> options,
    ILogger<UserManager<User>> logger)
{
    public const string Registering = "passkey-registration";
    public const string SigningIn = "passkey-sign-in";
    public const string SteppingUp = "passkey-step-up";

    private const int NameMax = 64;

    // Longer ids would not fit where ids are looked up; the specification allows 1023 bytes and nobody makes them.
    private const int CredentialBytesMax = 512;

    /// <summary>Begins a registration.</summary>
    public async Task<(JsonNode Options, string ChallengeId)> BeginRegistrationAsync(HttpContext context, User user)
    {
        var made = await HandlerOf(context).MakeCreationOptionsAsync(new PasskeyUserEntity { Id = user.Id, Name = user.Email, DisplayName = user.Name }, context);
        var shown = JsonNode.Parse(made.CreationOptionsJson)!;
        shown["rp"]!["name"] = site.Name;
        return (shown, await KeepAsync(Registering, user, made.AttestationState!, context.RequestAborted));
    }

    /// <summary>Checks what an authenticator made.</summary>
    /// <returns>The passkey, not yet kept, or <see langword="null"/> where it is not good.</returns>
    public async Task<Passkey?> FinishRegistrationAsync(HttpContext context, User user, string challengeId, string credential, string? name)
    {
        if (await TakeAsync(Registering, challengeId, user.Id, context.RequestAborted) is not { } state)
        {
            return null;
        }

        var result = await HandlerOf(context).PerformAttestationAsync(new PasskeyAttestationContext { HttpContext = context, CredentialJson = credential, AttestationState = state });
        if (!result.Succeeded || result.UserEntity.Id != user.Id || result.Passkey.CredentialId.Length is 0 or > CredentialBytesMax)
        {
            return null;
        }

        var info = result.Passkey;
        return new Passkey
        {
            Id = PasskeyUserStore.TextOf(info.CredentialId),
            Tenant = user.Tenant,
            UserId = user.Id,
            Name = NameOf(name) ?? "Passkey",
            PublicKey = [.. info.PublicKey],
            SignCount = info.SignCount,
            Transports = [.. (info.Transports ?? []).Where(transport => transport.Length <= 32 && transport.All(char.IsAscii)).Take(8)],
            IsBackupEligible = info.IsBackupEligible,
            IsBackedUp = info.IsBackedUp,
            CreatedAt = time.GetUtcNow(),
        };
    }

    /// <summary>Begins a sign-in by whatever passkey the browser has for this site, or a proof by one of a known user's.</summary>
    public async Task<(JsonNode Options, string ChallengeId)> BeginAssertionAsync(HttpContext context, User? user)
    {
        var made = await HandlerOf(context).MakeRequestOptionsAsync(user, context);
        return (JsonNode.Parse(made.RequestOptionsJson)!, await KeepAsync(user is null ? SigningIn : SteppingUp, user, made.AssertionState!, context.RequestAborted));
    }

    /// <summary>Checks what an authenticator signed, and notes its counter.</summary>
    /// <returns>Whose passkey it is, or <see langword="null"/> where it is not good.</returns>
    public async Task<User?> FinishAssertionAsync(HttpContext context, User? user, string challengeId, string credential)
    {
        if (await TakeAsync(user is null ? SigningIn : SteppingUp, challengeId, user?.Id ?? string.Empty, context.RequestAborted) is not { } state)
        {
            return null;
        }

        var result = await HandlerOf(context).PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = context, CredentialJson = credential, AssertionState = state });
        return result.Succeeded && (user is null || result.User.Id == user.Id)

            // Of two assertions with one counter, wherever they arrive, one is taken.
            && await passkeys.UseAsync(
                PasskeyUserStore.TextOf(result.Passkey.CredentialId), result.Passkey.SignCount, result.Passkey.IsBackedUp, time.GetUtcNow(), context.RequestAborted)
            ? result.User
            : null;
    }

    /// <summary>A name as it is kept, or <see langword="null"/> where it is none.</summary>
    public static string? NameOf(string? text)
        => text?.Trim() is { Length: > 0 and <= NameMax } name && !name.Any(char.IsControl) ? name : null;

    private async Task<string> KeepAsync(string kind, User? user, string state, CancellationToken cancellationToken)
    {
        var (secret, now) = (IdentitySecrets.Create(ids), time.GetUtcNow());
        await records.AddAsync(
            new OneTimeRecord
            {
                Kind = kind,
                SecretDigest = IdentitySecrets.DigestOf(secret),
                Tenant = user?.Tenant ?? IdentityActs.SystemTenant,
                UserId = user?.Id ?? string.Empty,
                Content = state,
                CreatedAt = now,
                ExpiresAt = now + options.Value.Challenge,
            },
            cancellationToken);
        return secret;
    }

    // Taken before it is looked at: a second try needs a second challenge.
    private async Task<string?> TakeAsync(string kind, string secret, string userId, CancellationToken cancellationToken)
        => IdentitySecrets.IsOne(secret) && await records.TakeAsync(kind, secret, time.GetUtcNow(), cancellationToken) is { } record && record.UserId == userId ? record.Content : null;

    /// <summary>The handler for the site that is asked.</summary>
    private PasskeyHandler<User> HandlerOf(HttpContext context)
    {
        var handler = new IdentityPasskeyOptions
        {
            ServerDomain = site.IdOf(context) ?? throw new InvalidOperationException("Nobody said for which site passkeys are."),
            AuthenticatorTimeout = options.Value.Challenge,
            UserVerificationRequirement = "required",
            ResidentKeyRequirement = "required",

            // Platform and roaming; which model it is, is the user's affair.
            AuthenticatorAttachment = null,
            AttestationConveyancePreference = "none",
            ValidateOrigin = origin => ValueTask.FromResult(!origin.CrossOrigin && site.Takes(context, origin.Origin)),
        };
        return new PasskeyHandler<User>(
#pragma warning disable CA2000 // Holds nothing: its store disposes of nothing.
            new UserManager<User>(
                new PasskeyUserStore(users, passkeys), Options.Create(new IdentityOptions()), null!, [], [], null!, new IdentityErrorDescriber(), null!, logger),
#pragma warning restore CA2000
            Options.Create(handler));
    }
}
