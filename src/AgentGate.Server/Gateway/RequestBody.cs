using System.Buffers;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using Microsoft.AspNetCore.Http.Features;

namespace AgentGate.Server.Gateway;

/// <summary>A body read within its bounds; gives its bytes in flight back when disposed.</summary>
internal sealed class RequestBody : IDisposable
{
    private readonly BytesInFlight _inFlight;
    private long _taken;

    private RequestBody(BytesInFlight inFlight) => _inFlight = inFlight;

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Bytes { get; private set; }

    /// <summary>Reads a request's body.</summary>
    /// <returns>The body to dispose, or why it was refused.</returns>
    public static async Task<(RequestBody? Body, Denial? Denial)> ReadAsync(HttpContext context, GatewayOptions options, BytesInFlight inFlight)
    {
        var bytesMax = options.ModelBodyBytesMax;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            feature.MaxRequestBodySize = bytesMax;
        }

        if (context.Request.ContentLength > bytesMax)
        {
            return (null, TooLarge(bytesMax));
        }

        var body = new RequestBody(inFlight);
        try
        {
            var denial = await body.ReadAsync(context, bytesMax);
            if (denial is null)
            {
                return (body, null);
            }

            body.Dispose();
            return (null, denial);
        }
        catch (BadHttpRequestException bad)
        {
            body.Dispose();
            return (null, bad.StatusCode == StatusCodes.Status413PayloadTooLarge
                ? TooLarge(bytesMax)
                : new Denial(Codes.InvalidJson, "The body could not be read as HTTP says it should be.", DenialKind.Invalid));
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose() => _inFlight.Return(Interlocked.Exchange(ref _taken, 0));

    private async Task<Denial?> ReadAsync(HttpContext context, int bytesMax)
    {
        var buffer = new ArrayBufferWriter<byte>((int)Math.Clamp(context.Request.ContentLength ?? 4096, 256, 1024 * 1024));
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (!Take(read.Buffer.Length))
            {
                reader.AdvanceTo(read.Buffer.End);
                return new Denial(Codes.Busy, "Too many bytes are in flight; try again in a second.", DenialKind.Unavailable, TimeSpan.FromSeconds(1));
            }

            if (buffer.WrittenCount + read.Buffer.Length > bytesMax)
            {
                reader.AdvanceTo(read.Buffer.End);
                return TooLarge(bytesMax);
            }

            foreach (var block in read.Buffer)
            {
                buffer.Write(block.Span);
            }

            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                Bytes = buffer.WrittenMemory;
                return null;
            }
        }
    }

    private bool Take(long bytes)
    {
        if (!_inFlight.TryTake(bytes))
        {
            return false;
        }

        _taken += bytes;
        return true;
    }

    private static Denial TooLarge(int bytesMax)
        => new(Codes.TooLarge, $"The body is larger than {bytesMax} bytes.", DenialKind.Invalid);
}
