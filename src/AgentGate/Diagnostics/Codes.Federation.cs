namespace AgentGate.Diagnostics;

/// <summary>Codes of signing in through another provider (AG64xx).</summary>
public static partial class Codes
{
    /// <summary>There is no such identity provider here, or the identity mode does not use it.</summary>
    public const string FederationUnknown = "AG6401";

    /// <summary>The identity provider cannot be reached, or answers what no OpenID provider answers.</summary>
    public const string FederationUnreachable = "AG6402";

    /// <summary>The identity provider, or its user, refused to sign in.</summary>
    public const string FederationRefused = "AG6403";

    /// <summary>A token of the provider is not good: signature, algorithm, issuer, audience, time or nonce.</summary>
    public const string FederationTokenRefused = "AG6404";

    /// <summary>The sign-in was not begun in this browser, took too long, or was finished before.</summary>
    public const string FederationStateInvalid = "AG6405";

    /// <summary>The identity is tied to no user, and cannot be: no verified e-mail address, or nobody may be made.</summary>
    public const string FederationUnlinked = "AG6406";

    /// <summary>The identity is tied to a user who is disabled.</summary>
    public const string FederationDisabled = "AG6407";

    /// <summary>A request to sign in through another provider is not what the route takes.</summary>
    public const string FederationRequestInvalid = "AG6408";

    /// <summary>Nobody vouched that the account's e-mail address is its user's own, so no identity is tied to it.</summary>
    public const string FederationAddressUnproved = "AG6409";

    /// <summary>The provider did not ask its user for a proof of now, or somebody else gave one.</summary>
    public const string FederationProofOld = "AG6410";
}
