namespace AgentGate.Pipeline;

/// <summary>What a tool declares about one of its arguments. It decides what is normal there, so it makes the guards more exact.</summary>
/// <param name="Name">
/// The argument: its name, or a JSON pointer (RFC 6901) to a part of it; <c>*</c> stands for any text. What is inside the
/// argument belongs to it.
/// </param>
/// <param name="Kind">What it is.</param>
/// <param name="IsBase64">Whether it holds the base64 (RFC 4648) of that; it is decoded before it is judged.</param>
public sealed record ToolArgument(string Name, ArgumentKind Kind, bool IsBase64 = false)
{
    /// <summary>Whether an address inside the arguments belongs to this argument.</summary>
    /// <param name="pointer">The address: a JSON pointer into the arguments.</param>
    internal bool Covers(string pointer)
    {
        var own = Name.StartsWith('/') ? Name : "/" + Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
        return Name == "*"
            || Wildcard.IsMatch(own, pointer, ignoreCase: false)
            || Wildcard.IsMatch(own + "/*", pointer, ignoreCase: false)
            || Wildcard.IsMatch(own + "#*", pointer, ignoreCase: false);
    }
}
