using System.Globalization;
using System.Text;
using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;
using AgentGate.Pipeline;
using AgentGate.Server.Identity;
using Microsoft.Extensions.Options;

namespace AgentGate.Server.Hosting;

/// <summary>Whom to tell of a weakness (RFC 9116), where the operator said whom. Its end is always half a year away, rounded to the day.</summary>
internal static class SecurityTxt
{
    public const string Path = "/.well-known/security.txt";

    private static readonly TimeSpan s_goodFor = TimeSpan.FromDays(180);

    public static void MapSecurityTxt(this IEndpointRouteBuilder routes) => routes.MapGet(Path, WriteAsync).ExcludeFromDescription();

    /// <summary>Whom the operator's own tenant named for help.</summary>
    private static async ValueTask<string?> SupportAsync(IOrganizations organizations, CancellationToken cancellationToken)
        => (await organizations.OfAsync(Tenants.Default, cancellationToken)).SupportEmail is { } email ? "mailto:" + Uri.EscapeDataString(email).Replace("%40", "@", StringComparison.Ordinal) : null;

    private static async Task WriteAsync(HttpContext context, IOptions<HttpOptions> http, IOptions<SignInOptions> signIn, IOrganizations organizations, TimeProvider time)
    {
        if ((http.Value.SecurityContact is { Length: > 0 } named ? named : await SupportAsync(organizations, context.RequestAborted)) is not { } contact)
        {
            await Problems.WriteAsync(
                context, new Denial(Codes.UnknownRoute, $"Nobody is named; the operator sets {HttpOptions.Section}:SecurityContact, or support_email in the settings.", DenialKind.NotFound));
            return;
        }

        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"Contact: {contact}\n")
            .Append(CultureInfo.InvariantCulture, $"Expires: {time.GetUtcNow().Date.Add(s_goodFor):yyyy-MM-dd'T'HH:mm:ss'Z'}\n")
            .Append("Preferred-Languages: en\n");
        if (http.Value.SecurityPolicyUrl is { Length: > 0 } policy)
        {
            text.Append(CultureInfo.InvariantCulture, $"Policy: {policy}\n");
        }

        // From the configured name alone: one that is taken from the request would say where somebody wants it to be.
        if (signIn.Value.PublicUrl is { Length: > 0 } url)
        {
            text.Append(CultureInfo.InvariantCulture, $"Canonical: {url.TrimEnd('/')}{Path}\n");
        }

        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(text.ToString(), context.RequestAborted);
    }
}
