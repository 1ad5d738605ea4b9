using AgentGate.Diagnostics;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Server.Providers.Upstream;

/// <summary>The failures of the transport, in words. None repeats what the provider said: that is unguarded text.</summary>
internal static class UpstreamFailures
{
    public static Denial Redirected(string provider, int status)
        => Of(
            Codes.UpstreamRedirected,
            $"The provider '{provider}' answered with a redirect ({status}), which is never followed. Configure its final address.");

    public static Denial Unreachable(string provider)
        => Of(Codes.UpstreamUnreachable, $"The provider '{provider}' cannot be reached. Check its BaseUrl and the network.", retry: true);

    public static Denial TimedOut(string provider, string what)
        => Of(Codes.UpstreamTimeout, $"The provider '{provider}' {what} in the configured time.", retry: true);

    public static Denial TooLarge(string provider)
        => Of(Codes.UpstreamTooLarge, $"The answer of the provider '{provider}' is larger than ResponseBytesMax or EventBytesMax allow.");

    public static Denial Encoded(string provider)
        => Of(Codes.UpstreamEncoded, $"The provider '{provider}' sent an encoded answer that was not asked for, which no guard can read.");

    public static Denial Broken(string provider)
        => Of(Codes.UpstreamBroken, $"The answer of the provider '{provider}' broke off.", retry: true);

    private static Denial Of(string code, string reason, bool retry = false)
        => new(code, reason, DenialKind.Upstream, retry ? TimeSpan.FromSeconds(1) : null);
}
