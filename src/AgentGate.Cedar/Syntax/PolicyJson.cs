namespace AgentGate.Cedar.Syntax;

/// <summary>One policy or template in Cedar's JSON policy format. Thread-safe.</summary>
public static class PolicyJson
{
    /// <summary>Reads one policy or template.</summary>
    /// <param name="id">Its id; the format does not hold it.</param>
    /// <param name="utf8Json">The document.</param>
    /// <exception cref="PolicySyntaxException">It is not the JSON policy format, holds a key that has no meaning or twice the same, or is nested too deep.</exception>
    public static Policy Parse(string id, ReadOnlySpan<byte> utf8Json)
    {
        ArgumentNullException.ThrowIfNull(id);
        return PolicyJsonReader.Read(utf8Json, (reader, root) => reader.PolicyOf(id, root));
    }

    /// <summary>Writes one policy or template, UTF-8, without its id. The same policy gives the same bytes.</summary>
    /// <remarks>
    /// Operators stay as they were written, except that <c>has a.b</c> becomes <c>has a &amp;&amp; .a has b</c>, as the format had it first,
    /// where that is short. Reading the result and writing it again gives the same bytes.
    /// </remarks>
    /// <exception cref="ArgumentException">A condition is deeper than <see cref="CedarLimits.MaxDepth"/>, or a literal holds what Cedar cannot write as one.</exception>
    public static byte[] Write(Policy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        return PolicyJsonWriter.Write(policy);
    }
}
