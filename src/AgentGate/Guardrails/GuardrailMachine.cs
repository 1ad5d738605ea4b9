namespace AgentGate.Guardrails;

/// <summary>The state-machine form: which tool may be called after which.</summary>
public sealed class GuardrailMachine
{
    /// <summary>Where a scope begins.</summary>
    /// <value>There is no default.</value>
    public string InitialState { get; set; } = "";

    /// <summary>The states by their names.</summary>
    /// <value>The default is empty.</value>
    public IDictionary<string, GuardrailState> States { get; } = new Dictionary<string, GuardrailState>(StringComparer.Ordinal);

    /// <summary>After so long without a call a scope begins anew; 1 second to 31 days.</summary>
    /// <value>The default is one day.</value>
    public TimeSpan SessionTtl { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Whose calls move one machine.</summary>
    /// <value>The default is <see cref="GuardrailScope.Session"/>.</value>
    public GuardrailScope Scope { get; set; } = GuardrailScope.Session;

    /// <summary>Whether tools that no state names are refused. An open machine does not see them.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool Closed { get; set; } = true;

    /// <summary>Whether a call that failed counts, and moves the machine, all the same.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool CountFailed { get; set; }
}
