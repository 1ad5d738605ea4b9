namespace AgentGate.Server.Identity.Federation;

/// <summary>An identity provider did not answer, or not as an OpenID provider does.</summary>
internal sealed class ProviderUnreachableException(string what, Exception? inner = null) : Exception(what, inner);
