namespace AgentGate.Integration.Tests.Clients;

/// <summary>An error event that an SDK hands over as an ordinary event.</summary>
internal sealed class StreamErrorException(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
