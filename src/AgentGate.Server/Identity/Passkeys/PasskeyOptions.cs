namespace AgentGate.Server.Identity.Passkeys;

/// <summary>For which site passkeys are. Section <c>AgentGate:Passkeys</c>; the published names are <c>WEBAUTHN_RP_ID</c>, <c>WEBAUTHN_RP_NAME</c> and <c>WEBAUTHN_ORIGIN</c>.</summary>
internal sealed class PasskeyOptions
{
    public const string Section = "AgentGate:Passkeys";

    /// <summary>The domain passkeys are for. Default: the host of <c>AgentGate:SignIn:PublicUrl</c>; without one, <c>localhost</c> for who asks there.</summary>
    public string? RpId { get; set; }

    /// <summary>What authenticators call this server. Default AgentGate.</summary>
    public string RpName { get; set; } = "AgentGate";

    /// <summary>The origins whose pages may use passkeys. Default: <c>AgentGate:SignIn:PublicUrl</c>; without one, the address asked, if it is this machine's.</summary>
    public List<string> Origins { get; } = [];

    /// <summary>The most passkeys of a user. Default 20.</summary>
    public int PerUserMax { get; set; } = 20;

    /// <summary>How long a challenge is good. Default five minutes; at most ten.</summary>
    public TimeSpan Challenge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>What is wrong with the settings.</summary>
    public static IEnumerable<string> Faults(PasskeyOptions options)
    {
        if (options.RpId is { } id && (Uri.CheckHostName(id) != UriHostNameType.Dns || id.EndsWith('.')))
        {
            yield return $"{Section}:RpId is \"{id}\"; it is a domain without scheme and port, for example gate.example.org. Addresses in numbers have no passkeys.";
        }

        foreach (var origin in options.Origins)
        {
            var fits = Uri.TryCreate(origin, UriKind.Absolute, out var uri) && uri.AbsolutePath == "/" && uri.Query.Length == 0
                && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));
            if (!fits)
            {
                yield return $"{Section}:Origins holds \"{origin}\"; write scheme, host and port, https except on this machine.";
            }
            else if (options.RpId is { } rp && uri!.Host != rp && !uri.Host.EndsWith("." + rp, StringComparison.OrdinalIgnoreCase))
            {
                yield return $"{Section}:Origins holds \"{origin}\", which is not of the domain {rp}: browsers would refuse.";
            }
        }

        if (options.PerUserMax is < 1 or > 100)
        {
            yield return $"{Section}:PerUserMax must be between 1 and 100.";
        }

        if (options.Challenge < TimeSpan.FromSeconds(30) || options.Challenge > TimeSpan.FromMinutes(10))
        {
            yield return $"{Section}:Challenge must be between 30 seconds and ten minutes.";
        }
    }
}
