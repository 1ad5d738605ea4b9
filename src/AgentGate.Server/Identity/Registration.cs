using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Pipeline;
using AgentGate.Server.Access;
using AgentGate.Server.Hosting;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity;

/// <summary>
/// Makes users who bring an invitation, or, where the operator allows it, anybody: as a viewer. Never an admin, and never the first user. Who comes
/// without an invitation is answered the same, after the same work, whether the address is somebody's or not; an invitation is used up by either.
/// </summary>
internal sealed class Registration(
    IUserDirectory users, NewPasswords passwords, Invitations invitations, SignInLimits limits, ICaptcha captcha, ISignInModes modes,
    IdentityActs acts, FailedActs failed, GateMetrics metrics, IIdSource ids, TimeProvider time, IOptions<SignInOptions> options)
{
    private const string Action = "user.registered";

    /// <summary>Makes the user, or says why not.</summary>
    public async Task<IResult> RegisterAsync(HttpContext context, RegisterRequest request)
    {
        var cancel = context.RequestAborted;
        if (await limits.TryAddressAsync(ActOrigins.Address(context), cancel) is { } later)
        {
            return await RefuseAsync(context, Codes.SignInLimited, "Too many tries from this address. Come again later.", retryAfter: later);
        }

        if (!modes.TakesPasswords)
        {
            return await RefuseAsync(context, Codes.PasswordsClosed, "No passwords are taken here; GET /api/auth/providers says who signs people in.");
        }

        if ((request.Invitation is null && !options.Value.AllowRegistration) || await users.CountAsync(cancel) == 0)
        {
            // A registered viewer as the first user would close the setup.
            return await RefuseAsync(context, Codes.RegistrationClosed, "Registration needs an invitation. Ask an admin.");
        }

        var invitation = await invitations.FindAsync(request.Invitation, request.Email, cancel);
        if (request.Invitation is not null && invitation is null)
        {
            return await RefuseAsync(context, Codes.InvitationInvalid, "The invitation is not good: it was used, withdrawn, has expired, or is for another address.", "invitation");
        }

        if (invitation is null && !(request.CaptchaToken is { Length: > 0 } token && await captcha.SolvedAsync(token, ActOrigins.Address(context), cancel)))
        {
            return await RefuseAsync(context, Codes.CaptchaNeeded, "Solve a CAPTCHA first (GET /api/auth/captcha) and send its answer as captcha_token.", "captcha_token");
        }

        return await MakeAsync(context, request, invitation);
    }

    private async Task<IResult> MakeAsync(HttpContext context, RegisterRequest request, Invitation? invitation)
    {
        var (cancel, email) = (context.RequestAborted, request.Email.Trim());
        var user = new User
        {
            Id = UserIds.Create(ids),
            Tenant = invitation?.Tenant ?? Tenants.Default,
            Email = email,
            Name = request.Name?.Trim() is { Length: > 0 } name ? name : email.Split('@')[0],
            Role = invitation?.Role ?? Roles.Viewer,
            AddressProof = invitation?.Email is null ? null : AddressProofs.Invitation,
            CreatedAt = time.GetUtcNow(),
            PasswordChangedAt = time.GetUtcNow(),
        };
        if (UserIds.Fault(user) is { } fault)
        {
            return AccountProblem.Of(Codes.AccountRequestInvalid, fault.Detail, fault.Field);
        }

        var (hash, problem) = await passwords.HashAsync(user, request.Password, "password", cancel);
        if (hash is null)
        {
            return problem!;
        }

        var refused = await acts.DoAsync(
            context, user.Tenant, user.Id, Action, invitation is null ? "open registration" : "invitation",
            async () => invitation is not null && !await invitations.TakeAsync(request.Invitation!, cancel) ? Codes.InvitationInvalid
                : await users.AddAsync(user with { PasswordHash = hash }, onlyIfFirst: false, CancellationToken.None) ? null
                : Codes.EmailTaken,
            static code => code,
            about: invitation?.Id);
        metrics.SignIn(Action, refused ?? "done");
        if (invitation is null)
        {
            // Nobody in between could tell the owner of the address from somebody who asks whether it is there.
            return TypedResults.Json(
                new RegistrationAccepted("accepted", "If the address was free, the account is there: sign in. If it was not, nothing has changed."), statusCode: StatusCodes.Status202Accepted);
        }

        return refused switch
        {
            null => TypedResults.Json(UserView.Of(user), statusCode: StatusCodes.Status201Created),
            Codes.EmailTaken => AccountProblem.Of(Codes.EmailTaken, "There is a user with this e-mail address. The invitation is used up.", "email"),
            _ => AccountProblem.Of(Codes.InvitationInvalid, "The invitation is not good: it was used, withdrawn, has expired, or is for another address.", "invitation"),
        };
    }

    private async Task<IResult> RefuseAsync(HttpContext context, string code, string detail, string? field = null, TimeSpan? retryAfter = null)
    {
        await failed.AddAsync(context, IdentityActs.SystemTenant, string.Empty, Action, code);
        return AccountProblem.Of(code, detail, field, retryAfter);
    }
}
