namespace AgentGate.Diagnostics;

/// <summary>Codes of users, roles, their keys, permissions and settings (AG65xx).</summary>
public static partial class Codes
{
    /// <summary>What was sent about a user is not usable.</summary>
    public const string UserInvalid = "AG6501";

    /// <summary>The tenant has no such user.</summary>
    public const string UserNotFound = "AG6502";

    /// <summary>Another user has the e-mail address.</summary>
    public const string UserEmailTaken = "AG6503";

    /// <summary>Nobody gives more than they have, raises themselves, or touches who may do more.</summary>
    public const string GivesBeyondOwn = "AG6504";

    /// <summary>The tenant would have no active admin left.</summary>
    public const string LastAdmin = "AG6505";

    /// <summary>Nobody does this to the own account.</summary>
    public const string NotOneself = "AG6506";

    /// <summary>Others changed the user again and again meanwhile.</summary>
    public const string UserBusy = "AG6507";

    /// <summary>Too many e-mail addresses were tried that are somebody's elsewhere.</summary>
    public const string AddressesLimited = "AG6508";

    /// <summary>What was sent about a key is not usable.</summary>
    public const string KeyDraftInvalid = "AG6511";

    /// <summary>The caller has no such key.</summary>
    public const string KeyNotFound = "AG6512";

    /// <summary>A key may do no more than who makes it.</summary>
    public const string KeyBeyondOwner = "AG6513";

    /// <summary>The principal is somebody else's.</summary>
    public const string KeyPrincipalTaken = "AG6514";

    /// <summary>The user has as many keys as anybody may have.</summary>
    public const string KeysTooMany = "AG6515";

    /// <summary>What was sent about a permission is not usable.</summary>
    public const string PiiPermissionInvalid = "AG6521";

    /// <summary>The tenant has no such permission.</summary>
    public const string PiiPermissionNotFound = "AG6522";

    /// <summary>The user has the permission.</summary>
    public const string PiiPermissionHeld = "AG6523";

    /// <summary>What was sent about settings is not usable.</summary>
    public const string SettingInvalid = "AG6531";

    /// <summary>There is no such setting.</summary>
    public const string SettingUnknown = "AG6532";

    /// <summary>Nothing obeys the setting yet, so it is not changed.</summary>
    public const string SettingNotObeyed = "AG6533";
}
