using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace AgentGate.Server.Identity.Federation;

/// <summary>Exchanges the code a browser brought back for the token it stands for (OpenID Connect Core 1.0 §3.1.3).</summary>
internal sealed class OidcCodeExchange(IHttpClientFactory clients)
{
    /// <summary>The ID token, or <see langword="null"/> where the provider refuses the code.</summary>
    /// <exception cref="ProviderUnreachableException">It does not answer, or not so that it can be understood.</exception>
    public async Task<string?> ExchangeAsync(OidcProvider provider, string code, string verifier, string redirectUri, CancellationToken cancellationToken)
    {
        var endpoint = (await provider.ReadAsync(cancellationToken)).TokenEndpoint;
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint);
        var fields = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = redirectUri, ["code_verifier"] = verifier, ["client_id"] = provider.Options.ClientId!,
        };
        if (provider.Options.ClientSecret is { Length: > 0 } secret)
        {
            // RFC 6749 §2.3.1: encoded as in a form, and then as Basic.
            var pair = $"{Uri.EscapeDataString(provider.Options.ClientId!)}:{Uri.EscapeDataString(secret)}";
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(pair)));
        }

        request.Content = new FormUrlEncodedContent(fields);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        try
        {
            using var http = clients.CreateClient(OidcProvider.Client);
            using var response = await http.SendAsync(request, cancellationToken);
            if ((int)response.StatusCode is >= 400 and < 500)
            {
                return null;
            }

            if (!response.IsSuccessStatusCode)
            {
                throw new ProviderUnreachableException("Its token endpoint failed.");
            }

            using var body = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken), new JsonDocumentOptions { MaxDepth = 16 });
            return body.RootElement.ValueKind == JsonValueKind.Object && body.RootElement.TryGetProperty("id_token", out var token) && token.ValueKind == JsonValueKind.String
                ? token.GetString()
                : throw new ProviderUnreachableException("Its token endpoint gave no ID token.");
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException or InvalidOperationException || (failure is TaskCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new ProviderUnreachableException("Its token endpoint did not answer.", failure);
        }
    }
}
