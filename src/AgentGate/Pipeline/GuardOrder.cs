namespace AgentGate.Pipeline;

/// <summary>
/// The declared places of the guards. Both sides run in ascending order, except that Budgets settles first on the way
/// back; so Pii tokenises after every guard that judges the words, and restores after every guard that judges the answer.
/// </summary>
/// <remarks>A place without a guard is a capability that is not installed; the place stays.</remarks>
public static class GuardOrder
{
    /// <summary>Is the principal known and allowed through this door?</summary>
    public const int Identity = 100;

    /// <summary>Does the call touch a honey token?</summary>
    public const int Deception = 200;

    /// <summary>Delegation, policies, obligations.</summary>
    public const int Admissibility = 300;

    /// <summary>Is there a part that no guard can read?</summary>
    public const int Unread = 350;

    /// <summary>Do the tool and its arguments fit what was registered?</summary>
    public const int Tools = 400;

    /// <summary>Stateful rules.</summary>
    public const int Guardrails = 500;

    /// <summary>Calls per window.</summary>
    public const int Limits = 600;

    /// <summary>Injection, exfiltration, poisoning.</summary>
    public const int Threats = 700;

    /// <summary>Texts that give a model orders: a score, beside the attacks that <see cref="Threats"/> judges by structure.</summary>
    public const int Injection = 720;

    /// <summary>Personal data: tokenise before the effect, restore after it.</summary>
    public const int Pii = 800;

    /// <summary>Reserve money before the effect, settle after it.</summary>
    public const int Budgets = 900;

    /// <summary>Hold for a person.</summary>
    public const int Approvals = 1000;
}
