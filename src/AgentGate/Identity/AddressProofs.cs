namespace AgentGate.Identity;

/// <summary>Who vouched that an e-mail address is its user's own. Without one nobody did: whoever made the account wrote what they liked.</summary>
internal static class AddressProofs
{
    /// <summary>An invitation to that address.</summary>
    public const string Invitation = "invitation";

    /// <summary>A provider that verified it.</summary>
    public const string Provider = "provider";

    /// <summary>Somebody who manages users, and is not the user; for the first user, who set the server up.</summary>
    public const string Admin = "admin";
}
