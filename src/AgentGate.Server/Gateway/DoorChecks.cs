using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Delegation;
using Microsoft.Extensions.Primitives;

namespace AgentGate.Server.Gateway;

/// <summary>What a request must look like before anyone reads it: no upgrade, no encoding we do not decode, JSON, one credential.</summary>
internal static class DoorChecks
{
    /// <summary>Why a request to the model routes is refused by its headers, or <see langword="null"/>.</summary>
    public static Denial? Refusal(HttpRequest request)
    {
        if (request.HttpContext.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpUpgradeFeature>()?.IsUpgradableRequest == true
            || request.Headers.ContainsKey("Upgrade")
            || HttpMethods.IsConnect(request.Method))
        {
            return new Denial(Codes.UpgradeRefused, "No door takes an upgrade; send an ordinary request.", DenialKind.Invalid);
        }

        var encoding = request.Headers.ContentEncoding;
        if (encoding.Any(value => !string.IsNullOrEmpty(value) && !string.Equals(value, "identity", StringComparison.OrdinalIgnoreCase)))
        {
            return new Denial(Codes.ContentEncoding, "The body must come without Content-Encoding.", DenialKind.Invalid);
        }

        return (HttpMethods.IsPost(request.Method) && !IsJson(request.ContentType))
            ? new Denial(Codes.MediaType, "The Content-Type must be application/json in UTF-8.", DenialKind.Invalid)
            : Credential(request).Denial ?? DelegationFault(request);
    }

    /// <summary>The grant a request names, or <see langword="null"/>. Whether it gives anything is for the theorem to say.</summary>
    public static string? Delegation(HttpRequest request) => request.Headers[ModelEndpoint.DelegationHeader] is { Count: > 0 } named ? named[0] : null;

    private static Denial? DelegationFault(HttpRequest request)
        => request.Headers[ModelEndpoint.DelegationHeader] is { Count: > 0 } named && !(named.Count == 1 && GrantRules.IsId(named[0]))
            ? new Denial(
                Codes.DelegationMalformed, $"The header {ModelEndpoint.DelegationHeader} names one grant by its id: g_ and 32 hex digits.", DenialKind.Invalid)
            : null;

    /// <summary>The one credential a request carries.</summary>
    public static (string? Text, Denial? Denial) Credential(HttpRequest request)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        foreach (var value in request.Headers.Authorization)
        {
            if (value is { Length: > 0 })
            {
                keys.Add(value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? value[7..].Trim() : value);
            }
        }

        foreach (var value in request.Headers["x-api-key"])
        {
            if (value is { Length: > 0 })
            {
                keys.Add(value.Trim());
            }
        }

        return keys.Count switch
        {
            0 => (null, null),
            1 => (keys.First(), null),
            _ => (null, new Denial(Codes.TwoCredentials, "The request carries two different credentials; send one.", DenialKind.Invalid)),
        };
    }

    private static bool IsJson(StringValues contentType)
    {
        if (!System.Net.Http.Headers.MediaTypeHeaderValue.TryParse(contentType, out var parsed))
        {
            return false;
        }

        return string.Equals(parsed.MediaType, "application/json", StringComparison.OrdinalIgnoreCase)
            && (parsed.CharSet is null || string.Equals(parsed.CharSet.Trim('"'), "utf-8", StringComparison.OrdinalIgnoreCase));
    }
}
