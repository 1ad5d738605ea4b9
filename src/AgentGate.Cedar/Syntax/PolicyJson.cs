namespace AgentGate.Cedar.Syntax;

/// <summary>One policy or template in Cedar's JSON policy format.</summary>
public static class PolicyJson
{
    /// <summary>Reads one policy or template.</summary>
    /// <exception cref="PolicySyntaxException">It is not the JSON policy format.</exception>
    public static Policy Parse(string id, ReadOnlySpan<byte> utf8Json) => throw new NotImplementedException();

    /// <summary>Writes one policy or template, UTF-8, without its id. The same policy gives the same bytes.</summary>
    public static byte[] Write(Policy policy) => throw new NotImplementedException();
}
