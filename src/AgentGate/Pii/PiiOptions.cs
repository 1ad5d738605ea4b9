using AgentGate.Pii.Detection;

namespace AgentGate.Pii;

/// <summary>Settings of the Pii guard, bound from the configuration section <c>Pii</c>.</summary>
/// <remarks>Read once at start-up; an invalid value stops the start and names the key.</remarks>
public sealed class PiiOptions
{
    /// <summary>The built-in types to look for, by token name. Empty, the default: all of them.</summary>
    public IList<string> Types { get; } = [];

    /// <summary>The least score that counts as a finding, above 0 and at most 1. Default 0.5.</summary>
    public double Threshold { get; set; } = 0.5;

    /// <summary>Additional types, each with its own pattern. Default none.</summary>
    public IList<CustomPiiType> CustomTypes { get; } = [];

    /// <summary>Exact values that are never treated as personal data, for example a public support address. Compared ordinally. Default none.</summary>
    public IList<string> AllowedValues { get; } = [];
}
