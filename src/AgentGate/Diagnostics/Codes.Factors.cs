namespace AgentGate.Diagnostics;

/// <summary>Codes of second factors, passkeys, step-up and the device flow (AG63xx).</summary>
public static partial class Codes
{
    /// <summary>The user has a second factor already.</summary>
    public const string FactorStands = "AG6301";

    /// <summary>The user has no second factor, or did not begin to enable one.</summary>
    public const string FactorAbsent = "AG6302";

    /// <summary>A password, a code or a passkey that was to prove the user is wrong, used, or too old.</summary>
    public const string FactorRefused = "AG6303";

    /// <summary>Too many wrong codes or passwords; they are not looked at for a while.</summary>
    public const string FactorLimited = "AG6304";

    /// <summary>A request about second factors, passkeys or devices is not what the route takes.</summary>
    public const string FactorRequestInvalid = "AG6305";

    /// <summary>The answer of an authenticator is not good: another challenge, origin or server, not verified, already known, or a counter that went back.</summary>
    public const string PasskeyRefused = "AG6306";

    /// <summary>The user has no such passkey.</summary>
    public const string PasskeyNotFound = "AG6307";

    /// <summary>The user has as many passkeys as one may.</summary>
    public const string PasskeysFull = "AG6308";

    /// <summary>The server does not know under which address people reach it, and so for which site passkeys are.</summary>
    public const string PasskeysUnset = "AG6309";

    /// <summary>The user was changed by somebody else meanwhile, or the session ended.</summary>
    public const string FactorConflict = "AG6310";

    /// <summary>The device flow refuses; the published error says why.</summary>
    public const string DeviceRefused = "AG6311";

    /// <summary>No sign-in of a device waits under this user code.</summary>
    public const string DeviceUnknown = "AG6312";

    /// <summary>The device asks for more than its approver may do, or for an unknown scope.</summary>
    public const string DeviceBeyondOwn = "AG6313";
}
