namespace AgentGate.Kernel.Transparency;

/// <summary>Names logs as checkpoints and certificates do: <c>name/tenant</c> (docs/formats/checkpoint.md). Pure and thread-safe.</summary>
public static class LogOrigin
{
    /// <summary>The origin of a tenant's log, which is the name of its note keys too. A tenant's name is percent-encoded (RFC 3986 §2.1): an origin is one line without spaces.</summary>
    /// <param name="name">The installation's name.</param>
    /// <param name="tenant">The tenant.</param>
    /// <returns>The origin.</returns>
    public static string Of(string name, string tenant)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(tenant);
        return $"{name}/{Uri.EscapeDataString(tenant)}";
    }

    /// <summary>The tenant of an origin, or <see langword="null"/> where the origin is another installation's.</summary>
    /// <param name="name">The installation's name.</param>
    /// <param name="origin">The origin of a checkpoint.</param>
    /// <returns>The tenant.</returns>
    public static string? TenantOf(string name, string origin)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(origin);
        return origin.StartsWith(name + "/", StringComparison.Ordinal)
            && Uri.UnescapeDataString(origin[(name.Length + 1)..]) is { Length: > 0 } tenant && Of(name, tenant) == origin
            ? tenant
            : null;
    }
}
