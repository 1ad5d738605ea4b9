namespace AgentGate.Content;

/// <summary>Bounds of a document.</summary>
/// <param name="DepthMax">The deepest nesting of containers.</param>
/// <param name="NodesMax">The most names and values, so that <c>[0,0,0,…]</c> cannot cost a multiple of its own size.</param>
internal readonly record struct JsonLimits(int DepthMax, int NodesMax)
{
    /// <summary>Depth 64 and four million nodes.</summary>
    public static JsonLimits Default => new(64, 4_000_000);
}
