namespace AgentGate.Providers;

/// <summary>Which protocol a provider speaks.</summary>
public enum ProviderKind
{
    /// <summary>The OpenAI protocol: OpenAI itself, or any compatible server (Ollama, vLLM).</summary>
    OpenAI,

    /// <summary>The Anthropic protocol.</summary>
    Anthropic,

    /// <summary>The built-in provider that never touches a network. It speaks both protocols.</summary>
    Demo,
}
