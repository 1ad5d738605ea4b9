using System.Net;
using System.Net.Http.Headers;

namespace AgentGate.Server.Providers.Demo;

/// <summary>The body of a demo response, which the reader pulls.</summary>
internal sealed class DemoContent : HttpContent
{
    private readonly Stream _stream;

    public DemoContent(Stream stream, string mediaType)
    {
        _stream = stream;
        Headers.ContentType = new MediaTypeHeaderValue(mediaType);
    }

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(_stream);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => _stream.CopyToAsync(stream);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        => _stream.CopyToAsync(stream, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stream.Dispose();
        }

        base.Dispose(disposing);
    }
}
