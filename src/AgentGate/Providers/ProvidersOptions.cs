namespace AgentGate.Providers;

/// <summary>The providers by name; the configuration section <c>AgentGate:Providers</c>.</summary>
/// <remarks>
/// <c>openai</c> and <c>anthropic</c> are there without configuration when their key is in the environment, and <c>demo</c>
/// in the development environment. An entry of the same name replaces that.
/// </remarks>
public sealed class ProvidersOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "AgentGate:Providers";

    /// <summary>The providers by name. Names compare without case and consist of letters, digits, <c>-</c> and <c>_</c>.</summary>
    public IDictionary<string, ProviderOptions> ByName { get; } = new Dictionary<string, ProviderOptions>(StringComparer.OrdinalIgnoreCase);
}
