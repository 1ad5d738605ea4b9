namespace AgentGate.Server.Gateway;

/// <summary>Bounds of the model routes (<c>AgentGate:Gateway</c>).</summary>
internal sealed class GatewayOptions
{
    public const string Section = "AgentGate:Gateway";

    /// <summary>The largest body of a model route, in bytes. The default is 32 MiB.</summary>
    public int ModelBodyBytesMax { get; set; } = 32 * 1024 * 1024;

    /// <summary>The largest body of any other route, in bytes. The default is 2 MiB; the published name is MAX_REQUEST_BODY_BYTES.</summary>
    public int ApiBodyBytesMax { get; set; } = 2 * 1024 * 1024;

    /// <summary>Bytes of request bodies in flight on the model routes; beyond it requests get 503. The default is 256 MiB.</summary>
    public long BytesInFlightMax { get; set; } = 256L * 1024 * 1024;

    /// <summary>The deepest nesting of a body. The default is 64.</summary>
    public int DepthMax { get; set; } = 64;

    public static IEnumerable<string> Validate(GatewayOptions options)
    {
        if (options.ModelBodyBytesMax is < 1024 or > 512 * 1024 * 1024)
        {
            yield return $"{Section}:ModelBodyBytesMax must be between 1 KiB and 512 MiB.";
        }

        if (options.ApiBodyBytesMax is < 1024 or > 512 * 1024 * 1024)
        {
            yield return $"{Section}:ApiBodyBytesMax (MAX_REQUEST_BODY_BYTES) must be between 1 KiB and 512 MiB.";
        }

        if (options.BytesInFlightMax < options.ModelBodyBytesMax)
        {
            yield return $"{Section}:BytesInFlightMax must be at least ModelBodyBytesMax, or no large body could ever pass.";
        }

        if (options.DepthMax is < 8 or > 512)
        {
            yield return $"{Section}:DepthMax must be between 8 and 512.";
        }
    }
}
