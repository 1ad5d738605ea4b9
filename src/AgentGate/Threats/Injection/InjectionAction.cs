namespace AgentGate.Threats.Injection;

/// <summary>What the injection guard does with texts of a role.</summary>
public enum InjectionAction
{
    /// <summary>The texts are not judged.</summary>
    Ignore,

    /// <summary>A text above the flag threshold is a finding; the call goes on.</summary>
    Flag,

    /// <summary>As <see cref="Flag"/>, and a text above the block threshold denies the call.</summary>
    Block,
}
