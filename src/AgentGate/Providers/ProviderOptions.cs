namespace AgentGate.Providers;

/// <summary>One provider, as configured. Durations are at least one millisecond; sizes are bytes.</summary>
/// <remarks>Set at start-up and not changed afterwards. Everything here comes from the operator, never from a caller.</remarks>
public sealed class ProviderOptions
{
    /// <summary>The protocol. Required.</summary>
    public ProviderKind? Kind { get; set; }

    /// <summary>Where the provider lives, without a trailing path of its operations.</summary>
    /// <value>
    /// The default is <c>https://api.openai.com/v1</c> for <see cref="ProviderKind.OpenAI"/> and
    /// <c>https://api.anthropic.com</c> for <see cref="ProviderKind.Anthropic"/>.
    /// </value>
    public string? BaseUrl { get; set; }

    /// <summary>Whether plain <c>http://</c> to another machine is accepted. Prompts and keys then travel in the clear.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool AllowInsecure { get; set; }

    /// <summary>The key itself. Prefer <see cref="ApiKeyEnv"/>: a configuration file is easily copied.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The environment variable that holds the key.</summary>
    /// <value>The default is <c>OPENAI_API_KEY</c> or <c>ANTHROPIC_API_KEY</c> without a <see cref="BaseUrl"/>; none otherwise.</value>
    public string? ApiKeyEnv { get; set; }

    /// <summary>The models it serves under their own name: exact names, or patterns with <c>*</c>.</summary>
    /// <value>The default is the provider's own families for a provider without a <see cref="BaseUrl"/>; required otherwise.</value>
    public IList<string> Models { get; } = [];

    /// <summary>Models it serves under another name: the caller's name to the provider's name.</summary>
    public IDictionary<string, string> ModelMap { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The region that decisions record for this provider.</summary>
    public string? Region { get; set; }

    /// <summary>The value of <c>OpenAI-Organization</c>.</summary>
    public string? Organization { get; set; }

    /// <summary>The value of <c>OpenAI-Project</c>.</summary>
    public string? Project { get; set; }

    /// <summary>The <c>anthropic-beta</c> values a caller may use; others are not passed on.</summary>
    /// <value>The default is none: a beta can switch on tools that the provider runs itself.</value>
    public IList<string> AnthropicBetas { get; } = [];

    /// <summary>Whether the proxy settings of the process environment are used.</summary>
    /// <value>The default is <see langword="false"/>.</value>
    public bool UseProxy { get; set; }

    /// <summary>How long a connection may take.</summary>
    /// <value>The default is 10 seconds.</value>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the provider may take until its response headers.</summary>
    /// <value>The default is 10 minutes: a reasoning model answers an unstreamed request late.</value>
    public TimeSpan FirstByteTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long the provider may be silent within an answer.</summary>
    /// <value>The default is 5 minutes.</value>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often a request is sent again, from 0 to 5: after 429, 503 or a failed connection, never within an answer.</summary>
    /// <value>The default is 0.</value>
    public int Retries { get; set; }

    /// <summary>The largest answer that is read whole.</summary>
    /// <value>The default is 32 MiB.</value>
    public int ResponseBytesMax { get; set; } = 32 * 1024 * 1024;

    /// <summary>The largest single event of a streamed answer.</summary>
    /// <value>The default is 4 MiB: the last event of a Responses stream repeats the whole answer.</value>
    public int EventBytesMax { get; set; } = 4 * 1024 * 1024;
}
