using System.Buffers.Text;
using System.Net;
using System.Text;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Signing;

namespace AgentGate.Certificates;

/// <summary>Reads what a person says about a safety node, strictly.</summary>
internal static class SafetyNodeReading
{
    private const int UrlLengthMax = 2048;

    /// <summary>Reads a node.</summary>
    /// <param name="nodeId">Its id.</param>
    /// <param name="url">Where it listens.</param>
    /// <param name="publicKey">A JSON Web Key, or an Ed25519 key's <c>x</c>.</param>
    /// <param name="allowInsecure">Whether plain HTTP may leave the machine.</param>
    /// <param name="node">The node.</param>
    /// <returns>The member that is wrong and why, or <see langword="null"/>.</returns>
    public static (string Field, string Why)? TryRead(string? nodeId, string? url, string? publicKey, bool allowInsecure, out SafetyNode? node)
    {
        node = null;
        if (nodeId is null || !SafetyNodeId.IsValid(nodeId))
        {
            return ("node_id", "must have 1 to 64 lower-case letters, digits, '_', '-' or dots, and begin with a letter or digit");
        }

        if (UrlFault(url, allowInsecure, out var address) is { } fault)
        {
            return ("url", fault);
        }

        if (KeyOf(publicKey) is not { } key)
        {
            return ("public_key", "must be the public key that 'agentgate node run' prints: a JSON Web Key of Ed25519 or P-256, or the x of an Ed25519 key");
        }

        node = new SafetyNode { NodeId = nodeId, Url = address!, Key = key };
        return null;
    }

    private static string? UrlFault(string? url, bool allowInsecure, out Uri? address)
    {
        address = null;
        if (url is not { Length: > 0 and <= UrlLengthMax } || !Uri.TryCreate(url.EndsWith('/') ? url : url + "/", UriKind.Absolute, out var read)
            || (read.Scheme != Uri.UriSchemeHttps && read.Scheme != Uri.UriSchemeHttp))
        {
            return "must be an absolute http or https address";
        }

        if (read.UserInfo.Length > 0 || read.Query.Length > 0 || read.Fragment.Length > 0)
        {
            return "must not have credentials, a query or a fragment";
        }

        if (IPAddress.TryParse(read.Host.Trim('[', ']'), out var ip) && (ip.IsIPv6LinkLocal || ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any)
            || (ip.MapToIPv4().GetAddressBytes() is [169, 254, ..] && (ip.IsIPv4MappedToIPv6 || ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork))))
        {
            return "must not be an unspecified or link-local address";
        }

        if (read.Scheme == Uri.UriSchemeHttp && !read.IsLoopback && !allowInsecure)
        {
            return "must be https to another machine, unless AgentGate:SafetyNodes:AllowInsecure is set";
        }

        address = read;
        return null;
    }

    /// <summary>The key, or <see langword="null"/> where the text is none.</summary>
    private static VerificationKey? KeyOf(string? text)
    {
        if (text is null || text.Length > JsonWebKeys.LengthMax)
        {
            return null;
        }

        try
        {
            if (text.TrimStart().StartsWith('{'))
            {
                var set = text.Contains("\"keys\"", StringComparison.Ordinal) ? text : $"{{\"keys\":[{text}]}}";
                return JsonWebKeys.Read(Encoding.UTF8.GetBytes(set)) is [var only] ? only : null;
            }

            var bytes = new byte[VerificationKey.Ed25519Length];
            return text.Length == 43 && Base64Url.TryDecodeFromChars(text, bytes, out var written) && written == bytes.Length
                && VerificationKey.TryCreate(SignatureAlgorithm.Ed25519, bytes, out var key)
                    ? key : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
