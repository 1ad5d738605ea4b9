using System.Text;

namespace AgentGate.Server.Health;

/// <summary>A service that is asked now and then whether it is well. Immutable.</summary>
/// <param name="Name">What the operator calls it.</param>
/// <param name="Url">Where it is asked.</param>
/// <param name="Status">The status it has to answer with; <see langword="null"/> for any of success.</param>
/// <param name="Text">What its answer has to hold, within its first 64 KiB; <see langword="null"/> for anything.</param>
internal sealed record HealthTarget(string Name, Uri Url, int? Status, string? Text)
{
    private const int BytesMax = 64 * 1024;

    /// <summary>Asks it. A redirect is an answer like any other.</summary>
    /// <returns><see langword="null"/> where it is well, otherwise why not: a word that holds nothing of the answer.</returns>
    public async Task<string?> AskAsync(HttpMessageInvoker http, CancellationToken cancellationToken)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Url);
            using var response = await http.SendAsync(request, cancellationToken);
            var status = (int)response.StatusCode;
            if (Status is { } expected ? status != expected : !response.IsSuccessStatusCode)
            {
                return $"status-{status}";
            }

            return Text is null || await HoldsAsync(response, cancellationToken) ? null : "unexpected-body";
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return "unreachable";
        }
    }

    private async Task<bool> HoldsAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var bytes = new byte[BytesMax];
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        var length = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
        return bytes.AsSpan(0, length).IndexOf(Encoding.UTF8.GetBytes(Text!)) >= 0;
    }
}
