using Microsoft.Extensions.Options;

namespace AgentGate.Server.Identity.Passkeys;

/// <summary>
/// The site passkeys are for. A host that a request names is believed only where it is this machine itself: who stands between could else
/// have passkeys made for a site of its own.
/// </summary>
internal sealed class PasskeySite(IOptions<PasskeyOptions> options, IOptions<SignInOptions> signIn)
{
    private const string Local = "localhost";

    /// <summary>The name authenticators show.</summary>
    public string Name => options.Value.RpName;

    /// <summary>The domain, or <see langword="null"/> where nobody said it.</summary>
    public string? IdOf(HttpContext context)
        => options.Value.RpId
            ?? (Public is { } url ? (url.HostNameType == UriHostNameType.Dns ? url.Host : null)
            : context.Request.Host.Host is Local ? Local
            : null);

    /// <summary>Whether a page of an origin may use passkeys here.</summary>
    public bool Takes(HttpContext context, string origin)
    {
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri))
        {
            return false;
        }

        var shown = uri.GetLeftPart(UriPartial.Authority);
        return options.Value.Origins.Count > 0 ? options.Value.Origins.Exists(one => Same(new Uri(one), shown))
            : Public is { } url ? Same(url, shown)
            : options.Value.RpId is { } id ? Same(new Uri("https://" + id), shown)
            : IdOf(context) is not null && Same(new Uri($"{context.Request.Scheme}://{context.Request.Host}"), shown);
    }

    private Uri? Public => signIn.Value.PublicUrl is { Length: > 0 } url ? new Uri(url) : null;

    private static bool Same(Uri one, string other) => string.Equals(one.GetLeftPart(UriPartial.Authority), other, StringComparison.OrdinalIgnoreCase);
}
