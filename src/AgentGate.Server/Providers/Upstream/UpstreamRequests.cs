using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using AgentGate.Pipeline;
using AgentGate.Providers;

namespace AgentGate.Server.Providers.Upstream;

/// <summary>Builds the request to a provider. What is not written here does not travel.</summary>
internal static class UpstreamRequests
{
    private const string AnthropicVersionDefault = "2023-06-01";

    private static readonly ProductInfoHeaderValue s_agent = new("AgentGate", "2.0");

    /// <summary>Beside a request, for a provider inside this process: which call it is. Nothing of it travels.</summary>
    public static HttpRequestOptionsKey<(string Id, bool IsUnmasked)> Call { get; } = new("AgentGate.Call");

    public static HttpRequestMessage Create(
        Provider provider, ModelRoute route, UpstreamHeaders headers, ReadOnlyMemory<byte> body, Permit permit)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Address(provider, route.Format))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = new PermitContent(body, permit),
        };
        request.Options.Set(Call, (permit.CallId, permit.IsUnmasked));
        request.Headers.UserAgent.Add(s_agent);
        request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(headers.Stream ? "text/event-stream" : "application/json"));
        if (route.Format.IsAnthropic())
        {
            AddAnthropic(request, provider, headers);
        }
        else
        {
            AddOpenAI(request, provider);
        }

        return request;
    }

    /// <summary>The address of an operation: configuration's text and a path from this table, never a caller's.</summary>
    public static Uri Address(Provider provider, WireFormat format)
    {
        var path = provider.Kind == ProviderKind.OpenAI ? format.Route()["/v1".Length..] : format.Route();
        return new Uri(provider.BaseUrl.AbsoluteUri.TrimEnd('/') + path);
    }

    private static void AddOpenAI(HttpRequestMessage request, Provider provider)
    {
        if (provider.ApiKey is { } key)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        if (provider.Options.Organization is { } organization)
        {
            request.Headers.TryAddWithoutValidation("OpenAI-Organization", organization);
        }

        if (provider.Options.Project is { } project)
        {
            request.Headers.TryAddWithoutValidation("OpenAI-Project", project);
        }
    }

    private static void AddAnthropic(HttpRequestMessage request, Provider provider, UpstreamHeaders headers)
    {
        if (provider.ApiKey is { } key)
        {
            request.Headers.TryAddWithoutValidation("x-api-key", key);
        }

        var dated = DateOnly.TryParseExact(
            headers.AnthropicVersion, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        request.Headers.TryAddWithoutValidation("anthropic-version", dated ? headers.AnthropicVersion : AnthropicVersionDefault);

        var allowed = (headers.AnthropicBeta ?? string.Empty)
            .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(provider.Options.AnthropicBetas.Contains)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (allowed.Count > 0)
        {
            request.Headers.TryAddWithoutValidation("anthropic-beta", string.Join(',', allowed));
        }
    }
}
