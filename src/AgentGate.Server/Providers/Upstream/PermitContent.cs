using System.Net;
using System.Net.Http.Headers;
using AgentGate.Diagnostics;
using AgentGate.Pipeline;

namespace AgentGate.Server.Providers.Upstream;

/// <summary>A body that comes from a permit and tells the permit which bytes it hands to the transport, each time it does.</summary>
internal sealed class PermitContent : HttpContent
{
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly Permit _permit;

    public PermitContent(ReadOnlyMemory<byte> bytes, Permit permit)
    {
        _bytes = bytes;
        _permit = permit;
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        _permit.RecordTransport(_bytes.Span);

        // INVARIANT: no byte reaches the transport unless all of them are those the decision was about.
        if (!string.Equals(_permit.TransportDigest, _permit.ContentDigest, StringComparison.Ordinal))
        {
            throw new InvalidOperationException($"{Codes.TargetNotPermitted}: the body is not the content that the permit covers.");
        }

        await stream.WriteAsync(_bytes, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _bytes.Length;
        return true;
    }
}
