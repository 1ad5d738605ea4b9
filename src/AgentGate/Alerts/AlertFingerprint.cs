using System.Security.Cryptography;
using System.Text;
using AgentGate.Pipeline;

namespace AgentGate.Alerts;

/// <summary>What makes two alerts the same, and what makes them of one kind.</summary>
internal static class AlertFingerprint
{
    /// <summary>SHA-256 over category, source, address and user, in lower-case hexadecimal.</summary>
    public static string Of(Alert alert) => Hex($"{alert.Category}:{alert.Source}:{alert.Address}:{alert.UserId}");

    /// <summary>What alerts are counted by: category and source.</summary>
    public static string GroupOf(Alert alert) => Hex($"{alert.Category}:{alert.Source}")[..16];

    private static string Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
