namespace AgentGate.Dashboard.Identity;

/// <summary>The one-time sign-in links of the development environment. In any other none is good.</summary>
internal interface ISignInLinks
{
    /// <summary>Whether a link's ticket is good now. Looking does not use it up.</summary>
    bool IsGood(string ticket);
}
