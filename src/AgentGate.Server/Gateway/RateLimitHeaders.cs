using System.Globalization;
using System.Text;
using AgentGate.Pipeline;

namespace AgentGate.Server.Gateway;

/// <summary>
/// Tells the caller where its limits stand, on answers, streams and refusals alike: <c>RateLimit-Policy</c> and
/// <c>RateLimit</c> as structured fields (RFC 9651) of draft-ietf-httpapi-ratelimit-headers-10.
/// </summary>
internal static class RateLimitHeaders
{
    public const string Policy = "RateLimit-Policy";
    public const string State = "RateLimit";

    /// <summary>Writes both fields, if a limit concerned the call.</summary>
    public static void Set(HttpResponse response, CallScope scope)
    {
        if (scope.Find<LimitStatus>() is not { Limits: { IsEmpty: false } limits })
        {
            return;
        }

        var (policy, state) = (new StringBuilder(), new StringBuilder());
        foreach (var limit in limits)
        {
            // A rule's name is letters, digits and a few marks, so that it needs no escaping.
            Separate(policy).Append(CultureInfo.InvariantCulture, $"\"{limit.Name}\";q={limit.Calls};w={(long)limit.Window.TotalSeconds}");

            // How many calls all tenants together have left says how busy the others are; that none is left the caller knows by now.
            if (limit.IsOwn || limit.Remaining == 0)
            {
                Separate(state).Append(CultureInfo.InvariantCulture, $"\"{limit.Name}\";r={limit.Remaining};t={Math.Ceiling(limit.NextFree.TotalSeconds)}");
            }
        }

        response.Headers[Policy] = policy.ToString();
        if (state.Length > 0)
        {
            response.Headers[State] = state.ToString();
        }
    }

    private static StringBuilder Separate(StringBuilder list) => list.Length == 0 ? list : list.Append(", ");
}
