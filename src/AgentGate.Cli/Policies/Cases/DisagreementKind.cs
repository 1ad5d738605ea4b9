namespace AgentGate.Cli.Policies.Cases;

/// <summary>In what an answer of ours differs from the one on file.</summary>
internal enum DisagreementKind
{
    /// <summary>Allow or deny.</summary>
    Decision,

    /// <summary>The set of determining policies.</summary>
    Reasons,

    /// <summary>The set of policies that failed.</summary>
    Errors,

    /// <summary>Whether the policies are valid under the schema, strictly.</summary>
    Validation,

    /// <summary>A request that is said to conform to the schema does not, by our reckoning.</summary>
    Request,

    /// <summary>Policies, schema, entities or context that we cannot read.</summary>
    Parse,

    /// <summary>An exception that is no answer.</summary>
    Crash,
}
