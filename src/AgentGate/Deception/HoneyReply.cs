namespace AgentGate.Deception;

/// <summary>The answer to somebody who administers honey tokens: it is done, or it is refused and why. A closed set.</summary>
/// <typeparam name="T">What there is to show when it is done.</typeparam>
internal abstract record HoneyReply<T>
{
    private HoneyReply()
    {
    }

    /// <param name="Value">What there is to show.</param>
    public sealed record Done(T Value) : HoneyReply<T>;

    /// <param name="Code">The stable <c>AG####</c> code.</param>
    /// <param name="Detail">A sentence that says what to do.</param>
    /// <param name="Field">The member at fault, if one is.</param>
    public sealed record Refused(string Code, string Detail, string? Field = null) : HoneyReply<T>;
}
