namespace AgentGate.Server.Providers.Upstream;

internal sealed partial class UpstreamTransport
{
    // The exceptions are those of the network: they name hosts and errors, never content or keys.
    private static partial class Log
    {
        [LoggerMessage(5001, LogLevel.Warning, "Call {CallId} got no answer from its provider. {Code}: {Reason}")]
        public static partial void Failed(ILogger logger, string callId, string code, string reason, Exception? exception);

        [LoggerMessage(5002, LogLevel.Information, "Call {CallId} is sent to {Provider} again after attempt {Attempt}, in {Wait}")]
        public static partial void Retrying(ILogger logger, string callId, string provider, int attempt, TimeSpan wait);
    }
}
