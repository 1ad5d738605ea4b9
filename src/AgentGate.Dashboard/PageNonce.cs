using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace AgentGate.Dashboard;

/// <summary>The nonce of one response: what its policy allows to run and what its own elements carry.</summary>
internal static class PageNonce
{
    private static readonly object s_key = new();

    /// <summary>The nonce of a response, 128 random bits, made on the first question.</summary>
    public static string Of(HttpContext context)
    {
        if (context.Items[s_key] is not string nonce)
        {
            context.Items[s_key] = nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        }

        return nonce;
    }
}
