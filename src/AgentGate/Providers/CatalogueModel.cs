namespace AgentGate.Providers;

/// <summary>A model that <c>GET /v1/models</c> names.</summary>
/// <param name="Id">The model as callers name it.</param>
/// <param name="Provider">The provider's configured name.</param>
/// <param name="Kind">The provider's protocol.</param>
internal sealed record CatalogueModel(string Id, string Provider, ProviderKind Kind);
