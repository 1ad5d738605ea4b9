namespace AgentGate.Diagnostics;

/// <content>Grants: AG1300 to AG1309.</content>
public static partial class Codes
{
    /// <summary>A request about grants is not well formed, or asks for a grant that is none.</summary>
    public const string GrantInvalid = "AG1300";

    /// <summary>The tenant has no such grant.</summary>
    public const string GrantNotFound = "AG1301";

    /// <summary>The grant cannot be issued as things are: its parent ended, or the chain would be too long.</summary>
    public const string GrantConflict = "AG1302";

    /// <summary>A stored grant or revocation cannot be believed.</summary>
    public const string StoredGrantBroken = "AG1303";

    /// <summary>The tenant has as many live grants as it may.</summary>
    public const string GrantsFull = "AG1304";

    /// <summary>The grant is wider than its parent.</summary>
    public const string GrantNotNarrower = "AG1305";

    /// <summary>A call names its grant in a way that names none.</summary>
    public const string DelegationMalformed = "AG1306";

    /// <summary>There is no key to sign a grant with.</summary>
    public const string GrantUnsigned = "AG1307";
}
