using System.Globalization;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity.Device;

/// <summary>Fills what the configuration leaves open from the published names of the environment.</summary>
internal sealed class PublishedDeviceNames(IConfiguration configuration) : IPostConfigureOptions<DeviceOptions>
{
    public void PostConfigure(string? name, DeviceOptions options)
    {
        options.CodeLifetime = Seconds("DEVICE_CODE_EXPIRE_SECONDS", nameof(DeviceOptions.CodeLifetime)) ?? options.CodeLifetime;
        options.Interval = Seconds("DEVICE_POLLING_INTERVAL", nameof(DeviceOptions.Interval)) ?? options.Interval;
    }

    // What is no number cannot be used, and stops the start by name.
    private TimeSpan? Seconds(string published, string own)
        => configuration[published] is not { Length: > 0 } text || configuration[$"{DeviceOptions.Section}:{own}"] is not null ? null
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.Zero;
}
