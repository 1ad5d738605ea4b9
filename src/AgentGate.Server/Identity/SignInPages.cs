using AgentGate.Server.Gateway;

namespace AgentGate.Server.Identity;

/// <summary>Refusals of pages: one sentence, no script, no file, nothing about the server.</summary>
internal static class SignInPages
{
    private const string Way =
        "<p>Start the server with <code>./run demo</code> and open the link it prints. For another link while it runs:</p>"
        + "<pre>curl -s -X POST http://localhost:8000/api/sign-in-links \\\n  -H \"Authorization: Bearer $(cat data/demo.key)\"</pre>";

    public const string Needed = "<h1>Sign in</h1><p>This needs a sign-in. <a href=\"/sign-in\">Sign in</a></p>";

    public const string PasswordFirst = "<h1>Change your password</h1><p>Somebody else set it. <a href=\"/account\">Choose one of your own</a> before you do anything else.</p>";

    public const string NotGood = "<h1>This link is not good</h1><p>It was used, has expired, or was never given. A link works once, for ten minutes.</p>" + Way;

    public const string FromElsewhere = "<h1>Not from here</h1><p>The request came from another site. Open the page itself.</p>";

    public static Task WriteAsync(HttpContext context, int status, string? code, string body)
    {
        var nonce = Dashboard.PageNonce.Of(context);
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.ContentSecurityPolicy =
            $"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

        // Without a referrer a browser calls the origin of a form "null"; to other sites it still says nothing.
        response.Headers["Referrer-Policy"] = "same-origin";
        if (code is not null)
        {
            response.Headers[AnswerWriter.CodeHeader] = code;
        }

        var foot = code is null ? string.Empty : $"<p class=\"code\">{code}</p>";
        return response.WriteAsync(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
            + $"<title>AgentGate</title><style nonce=\"{nonce}\">{Style}</style></head><body><main>{body}{foot}</main></body></html>",
            context.RequestAborted);
    }

    private const string Style =
        ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0;display:grid;place-items:center;min-height:100vh}"
        + "main{max-width:40rem;padding:2rem}h1{font-size:1.4rem;margin:0 0 .5rem}pre{padding:.75rem 1rem;border:1px solid #8888;border-radius:6px;overflow:auto}"
        + "button{font:inherit;padding:.5rem 1.25rem;border-radius:6px;border:1px solid #0f6cbd;background:#0f6cbd;color:#fff;cursor:pointer}"
        + "button:focus-visible{outline:3px solid #62abf5;outline-offset:2px}.code{opacity:.6;font-size:.85rem}";
}
