namespace AgentGate.Server.Identity.Device;

/// <summary>How devices without a browser sign in. Section <c>AgentGate:Device</c>; the published names are <c>DEVICE_CODE_EXPIRE_SECONDS</c> and <c>DEVICE_POLLING_INTERVAL</c>.</summary>
internal sealed class DeviceOptions
{
    public const string Section = "AgentGate:Device";

    /// <summary>How long a code is good. Default five minutes; one to thirty.</summary>
    public TimeSpan CodeLifetime { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a device waits between two questions. Default five seconds; one to sixty.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>What is wrong with the settings.</summary>
    public static IEnumerable<string> Faults(DeviceOptions options)
    {
        if (options.CodeLifetime < TimeSpan.FromMinutes(1) || options.CodeLifetime > TimeSpan.FromMinutes(30))
        {
            yield return $"{Section}:CodeLifetime (DEVICE_CODE_EXPIRE_SECONDS) must be between one and thirty minutes.";
        }

        if (options.Interval < TimeSpan.FromSeconds(1) || options.Interval > TimeSpan.FromMinutes(1))
        {
            yield return $"{Section}:Interval (DEVICE_POLLING_INTERVAL) must be between one and sixty seconds.";
        }
    }
}
