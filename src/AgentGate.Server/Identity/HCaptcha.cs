using System.Text.Json;
using AgentGate.Diagnostics;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity;

/// <summary>CAPTCHAs of hCaptcha. Where it cannot be asked, nobody has solved one.</summary>
internal sealed partial class HCaptcha(IHttpClientFactory clients, GateMetrics metrics, IOptions<CaptchaOptions> options, ILogger<HCaptcha> logger) : ICaptcha
{
    public const string Name = "hcaptcha";

    private const int AnswerMax = 8 * 1024;

    public ValueTask<CaptchaChallenge> CreateAsync(CancellationToken cancellationToken)
        => ValueTask.FromResult(new CaptchaChallenge(Name, options.Value.SiteKey, null, null, null));

    public async ValueTask<bool> SolvedAsync(string answer, string address, CancellationToken cancellationToken)
    {
        if (answer.Length is 0 or > AnswerMax)
        {
            return false;
        }

        try
        {
            using var client = clients.CreateClient(Name);
            using var form = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["secret"] = options.Value.Secret!, ["sitekey"] = options.Value.SiteKey!, ["response"] = answer, ["remoteip"] = address,
            });
            using var response = await client.PostAsync(new Uri(options.Value.VerifyUrl), form, cancellationToken);
            response.EnsureSuccessStatusCode();
            using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("success", out var success) && success.ValueKind == JsonValueKind.True;
        }
        catch (Exception failure) when (failure is HttpRequestException or JsonException || (failure is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            metrics.Refusal("sign-in", Codes.CaptchaUnreachable);
            Log.Unreachable(logger, failure);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(6215, LogLevel.Error, Codes.CaptchaUnreachable + ": hCaptcha could not be asked; the sign-in is refused.")]
        public static partial void Unreachable(ILogger logger, Exception failure);
    }
}
