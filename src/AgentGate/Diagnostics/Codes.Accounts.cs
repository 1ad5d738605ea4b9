namespace AgentGate.Diagnostics;

/// <summary>Codes of signing in, registration, passwords and sessions (AG62xx).</summary>
public static partial class Codes
{
    /// <summary>The e-mail address or the password is wrong, or there is no such user; nobody is told which.</summary>
    public const string SignInRefused = "AG6201";

    /// <summary>A request about accounts is not what the route takes.</summary>
    public const string AccountRequestInvalid = "AG6202";

    /// <summary>Too many tries from one address.</summary>
    public const string SignInLimited = "AG6203";

    /// <summary>Too many failed tries for one account; the password is not looked at for a while.</summary>
    public const string AccountLocked = "AG6204";

    /// <summary>After failed tries a CAPTCHA has to be solved.</summary>
    public const string CaptchaNeeded = "AG6205";

    /// <summary>The password is right and the user is disabled.</summary>
    public const string AccountDisabled = "AG6206";

    /// <summary>The refresh token is unknown, its session has ended, or it was used before.</summary>
    public const string RefreshRefused = "AG6207";

    /// <summary>Nobody registers here without an invitation.</summary>
    public const string RegistrationClosed = "AG6208";

    /// <summary>The password is too short, too common, or holds the e-mail address.</summary>
    public const string PasswordRefused = "AG6209";

    /// <summary>There is a user with this e-mail address.</summary>
    public const string EmailTaken = "AG6210";

    /// <summary>The invitation is unknown, expired, used, or for somebody else.</summary>
    public const string InvitationInvalid = "AG6211";

    /// <summary>More passwords wait to be checked than the server lets wait.</summary>
    public const string PasswordQueueFull = "AG6212";

    /// <summary>There is no such session, invitation or user.</summary>
    public const string AccountNotFound = "AG6213";

    /// <summary>Nobody invites to a role that may do what the inviter may not.</summary>
    public const string RoleBeyondOwn = "AG6214";

    /// <summary>The CAPTCHA provider could not be asked; the sign-in is refused.</summary>
    public const string CaptchaUnreachable = "AG6215";

    /// <summary>The password is right and the code of the second factor is not.</summary>
    public const string SecondFactorRefused = "AG6216";

    /// <summary>Passwords are not taken here: another provider signs people in.</summary>
    public const string PasswordsClosed = "AG6217";

    /// <summary>The user was changed by somebody else meanwhile.</summary>
    public const string AccountChanged = "AG6218";

    /// <summary>What was counted of failed acts could not be put on record; it is tried again.</summary>
    public const string FailedActsNotRecorded = "AG6219";

    /// <summary>An act that is on record did not come about, or is not known to have.</summary>
    public const string ActNotDone = "AG6220";
}
