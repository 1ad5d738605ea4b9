namespace AgentGate.Cli;

/// <summary>What a command ends with. Part of the contract: scripts read it.</summary>
internal static class ExitCode
{
    /// <summary>Everything is as asked; for <c>eval</c>: allowed.</summary>
    public const int Ok = 0;

    /// <summary>Something was found; for <c>eval</c>: denied, so that <c>eval … &amp;&amp; act</c> is safe.</summary>
    public const int Finding = 1;

    /// <summary>The command line is wrong, or what it names cannot be read.</summary>
    public const int Unusable = 2;

    /// <summary>For <c>verify</c>: signed and in the log, and not re-executed, because its evidence is said to be erased.</summary>
    public const int NotReExecuted = 3;
}
