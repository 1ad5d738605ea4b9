namespace AgentGate.Pipeline;

/// <summary>Names logs as checkpoints and certificates do: <c>name/tenant</c>. Pure and thread-safe.</summary>
internal static class LogOrigin
{
    /// <summary>The origin of a tenant's log. A tenant's name is percent-encoded (RFC 3986 §2.1): an origin is one line without spaces.</summary>
    public static string Of(string name, string tenant) => $"{name}/{Uri.EscapeDataString(tenant)}";

    /// <summary>The tenant of an origin, or <see langword="null"/> where the origin is another installation's.</summary>
    public static string? TenantOf(string name, string origin)
        => origin.StartsWith(name + "/", StringComparison.Ordinal)
            && Uri.UnescapeDataString(origin[(name.Length + 1)..]) is { Length: > 0 } tenant && Of(name, tenant) == origin
            ? tenant
            : null;
}
