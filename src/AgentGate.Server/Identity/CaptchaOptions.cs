namespace AgentGate.Server.Identity;

/// <summary>What is asked of who failed to sign in. Section <c>AgentGate:Captcha</c>.</summary>
internal sealed class CaptchaOptions
{
    public const string Section = "AgentGate:Captcha";

    /// <summary><c>proof-of-work</c> (the default: nobody else is asked) or <c>hcaptcha</c>.</summary>
    public string Provider { get; set; } = ProofOfWork.Name;

    /// <summary>How many leading zero bits a proof of work has to have. Default 18, about a second in a browser; 1 to 30.</summary>
    public int Difficulty { get; set; } = 18;

    /// <summary>How long a challenge is good. Default 5 minutes.</summary>
    public TimeSpan GoodFor { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>hCaptcha: the public key of the site.</summary>
    public string? SiteKey { get; set; }

    /// <summary>hCaptcha: the secret.</summary>
    public string? Secret { get; set; }

    /// <summary>hCaptcha: where answers are checked. Default <c>https://api.hcaptcha.com/siteverify</c>.</summary>
    public string VerifyUrl { get; set; } = "https://api.hcaptcha.com/siteverify";

    /// <summary>What is wrong with the settings.</summary>
    public static IEnumerable<string> Faults(CaptchaOptions options)
    {
        if (options.Provider is not (ProofOfWork.Name or HCaptcha.Name))
        {
            yield return $"{Section}:Provider must be {ProofOfWork.Name} or {HCaptcha.Name}.";
        }

        if (options.Provider == HCaptcha.Name && (string.IsNullOrWhiteSpace(options.SiteKey) || string.IsNullOrWhiteSpace(options.Secret)))
        {
            yield return $"{Section}: hcaptcha needs SiteKey and Secret.";
        }

        if (!Uri.TryCreate(options.VerifyUrl, UriKind.Absolute, out var url) || (url.Scheme != Uri.UriSchemeHttps && !url.IsLoopback))
        {
            yield return $"{Section}:VerifyUrl must be an https address.";
        }

        if (options.Difficulty is < 1 or > 30)
        {
            yield return $"{Section}:Difficulty must be between 1 and 30.";
        }

        if (options.GoodFor < TimeSpan.FromSeconds(30) || options.GoodFor > TimeSpan.FromHours(1))
        {
            yield return $"{Section}:GoodFor must be between 30 seconds and one hour.";
        }
    }
}
