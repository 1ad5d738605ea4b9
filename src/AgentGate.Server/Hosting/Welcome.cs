using AgentGate.Server.Identity;
using AgentGate.Server.Setup;

namespace AgentGate.Server.Hosting;

/// <summary>What a person at the terminal can try next.</summary>
internal static class Welcome
{
    public static void Say(WebApplication app, string? demoKey)
    {
        var url = app.Urls.First();
        ServerConsole.Say($"AgentGate listens on {url} ({app.Environment.EnvironmentName}).");
        if (app.Services.GetRequiredService<SetupCode>() is { Text: { } code, Place: var place })
        {
            ServerConsole.Say(
                $"There is no user yet. Open {url}/setup to make the first one; from another machine with this code, once: {code} (also in {place}).");
        }

        if (demoKey is null)
        {
            return;
        }

        var file = app.Services.GetRequiredService<StateDirectory>().DemoKey;
        ServerConsole.Say($$"""

            This is the DEVELOPMENT environment: the shipped policy set and the demo key are in force.
            Demo key: {{demoKey}}
                      (also in {{file}})

            Try it: the model never sees the number, the answer holds it.

              curl -s {{url}}/v1/chat/completions \
                -H "Authorization: Bearer $(cat {{file}})" -H 'content-type: application/json' \
                -d '{"model":"demo-echo","messages":[{"role":"user","content":"My SSN is 123-45-6789"}]}'

            See it: guard by guard, with and without the gate. The link signs one browser in, once, within ten minutes.

              {{SignInRoutes.Link(url, app.Services.GetRequiredService<SignInTickets>())}}

            What left, and what each guard said:

              curl -s {{url}}/api/traces/latest -H "Authorization: Bearer $(cat {{file}})"

            Point an agent here (set OPENAI_API_KEY or ANTHROPIC_API_KEY on this server for real models):

              export OPENAI_BASE_URL={{url}}/v1    OPENAI_API_KEY=$(cat {{file}})
              export ANTHROPIC_BASE_URL={{url}}    ANTHROPIC_API_KEY=$(cat {{file}})

            Ctrl+C stops it.
            """);
    }
}
