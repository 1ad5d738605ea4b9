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
    private readonly string _own = Name.StartsWith('/')
        ? Name
        : "/" + Name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    /// <summary>
    /// What the tool does to what the argument names: <c>read</c>, <c>write</c>, <c>delete</c>, <c>send</c>, <c>pay</c>. Each is a
    /// request of its own to the policies, on that target as the resource.
    /// </summary>
    /// <value>The default is empty: the argument is no resource.</value>
    public IReadOnlyList<string> Effects { get; init; } = [];

    /// <summary>The folder that relative paths start from, for an argument of kind <see cref="ArgumentKind.Path"/> that is a resource.</summary>
    /// <value>The default is <see langword="null"/>: a relative path is refused, because nobody knows what it names.</value>
    public string? Base { get; init; }

    /// <summary>Whether an address inside the arguments belongs to this argument.</summary>
    /// <param name="pointer">The address: a JSON pointer into the arguments.</param>
    /// <param name="ignoreCase">Whether names that differ by case are the same argument: many tools read them so.</param>
    internal bool Covers(string pointer, bool ignoreCase = false)
        => Name == "*" || Wildcard.IsMatch(_own, pointer, ignoreCase) || HoldsInside(pointer, ignoreCase);

    /// <summary>Whether an address is inside of what the argument is, rather than the argument itself.</summary>
    internal bool HoldsInside(string pointer, bool ignoreCase = false)
        => Name == "*"
            ? pointer.Length > 0 && pointer.AsSpan(1).IndexOfAny('/', '#') >= 0
            : Wildcard.IsMatch(_own + "/*", pointer, ignoreCase) || Wildcard.IsMatch(_own + "#*", pointer, ignoreCase);
}
