namespace AgentGate.Guardrails;

/// <summary>One rule of the list form: what is demanded of the calls that a pattern fits.</summary>
public sealed class GuardrailRule
{
    /// <summary>The rule's name in its set; 1 to 64 letters, digits, <c>-</c>, <c>_</c> or <c>.</c>.</summary>
    /// <value>The default is its place: <c>rule-1</c> and so on.</value>
    public string Name { get; set; } = "";

    /// <summary>The name of a tool, or a pattern in which <c>*</c> stands for any text.</summary>
    /// <value>There is no default; a rule is about tools or about models.</value>
    public string Tool { get; set; } = "";

    /// <summary>The name of a model, the caller's or the provider's, or a pattern.</summary>
    /// <value>The default is empty: the rule is about tools.</value>
    public string Model { get; set; } = "";

    /// <summary>The most calls within <see cref="Window"/>, 1 to 1,000.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public int? MaxCalls { get; set; }

    /// <summary>How far back <see cref="MaxCalls"/> looks; 1 second to 31 days.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public TimeSpan? Window { get; set; }

    /// <summary>How long after a call no other one is made; 1 second to 31 days.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public TimeSpan? Cooldown { get; set; }

    /// <summary>When nothing is called: hours of the day (<c>2</c> is 02:00 to 03:00) and ranges (<c>22-6</c>, <c>22:30-06:15</c>; over midnight too).</summary>
    /// <value>The default is empty.</value>
    public IList<string> ExcludeHours { get; } = [];

    /// <summary>Where the hours are read: a name of the IANA time zone database.</summary>
    /// <value>The default is <c>UTC</c>.</value>
    public string TimeZone { get; set; } = "UTC";

    /// <summary>Whose calls are counted together.</summary>
    /// <value>The default is <see cref="GuardrailScope.Agent"/>.</value>
    public GuardrailScope Scope { get; set; } = GuardrailScope.Agent;

    /// <summary>Whether a call that failed counts all the same.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool CountFailed { get; set; }
}
