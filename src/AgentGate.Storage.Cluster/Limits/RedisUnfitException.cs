using System.Globalization;
using AgentGate.Diagnostics;

namespace AgentGate.Storage.Cluster.Limits;

/// <summary>Redis answers and cannot be relied on; the message says why and what to do.</summary>
internal sealed class RedisUnfitException(string message) : InvalidOperationException(message)
{
    /// <summary>Older ones keep scripts over a restart, so that a restart can go unnoticed.</summary>
    private const int VersionMin = 7;

    /// <summary>Refuses a server that is too old, or does not tell its version.</summary>
    /// <param name="name">Host and port.</param>
    /// <param name="version">Its version, as <c>INFO</c> has it.</param>
    public static void ThrowIfTooOld(string name, string? version)
    {
        if (!int.TryParse(version?.Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) || major < VersionMin)
        {
            throw new RedisUnfitException($"{Codes.RedisRefused}: Redis at {name} is version {version ?? "unknown"}; limits need {VersionMin} or newer, since older ones hide a restart. Update it.");
        }
    }
}
