using AgentGate.Kernel.Decisions;

namespace AgentGate.Server.Providers.Upstream;

/// <summary>What a provider answered. A closed set: a whole document, events, or a failure with its denial.</summary>
internal abstract record UpstreamResponse
{
    private UpstreamResponse()
    {
    }

    /// <summary>A whole answer; with a status of 400 or more, the provider's own error.</summary>
    /// <param name="Status">The HTTP status: 200 to 299 or 400 to 599.</param>
    /// <param name="Headers">Those of the provider's headers that may go to the caller.</param>
    /// <param name="MediaType">The media type without parameters, lower case; empty when the provider said none.</param>
    /// <param name="Body">The bytes.</param>
    public sealed record Whole(
        int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, string MediaType, ReadOnlyMemory<byte> Body) : UpstreamResponse;

    /// <summary>A streamed answer. Whoever gets it disposes <paramref name="Stream"/>.</summary>
    /// <param name="Status">The HTTP status, 200 to 299.</param>
    /// <param name="Headers">Those of the provider's headers that may go to the caller.</param>
    /// <param name="Stream">The events.</param>
    public sealed record Events(
        int Status, IReadOnlyList<KeyValuePair<string, string>> Headers, UpstreamEventStream Stream) : UpstreamResponse;

    /// <summary>There is no answer to pass on.</summary>
    /// <param name="Denial">The failure in the words the caller gets.</param>
    public sealed record Failed(Denial Denial) : UpstreamResponse
    {
        /// <summary>Whether the provider surely did no work: it was not reached, or it refused.</summary>
        public bool NothingSent { get; init; }
    }
}
