using AgentGate.Kernel.Decisions;

namespace AgentGate.Providers;

/// <summary>Where one model call goes.</summary>
/// <param name="Provider">The provider's configured name.</param>
/// <param name="Kind">The provider's protocol.</param>
/// <param name="Format">The wire format.</param>
/// <param name="CallerModel">The model as the caller named it.</param>
/// <param name="UpstreamModel">The model as the provider names it.</param>
/// <param name="Region">The provider's region, if configured.</param>
internal sealed record ModelRoute(
    string Provider, ProviderKind Kind, WireFormat Format, string CallerModel, string UpstreamModel, string? Region = null)
{
    /// <summary>The target that a permit must list for this route.</summary>
    public EffectTarget Target => new(Provider, UpstreamModel, Region);
}
