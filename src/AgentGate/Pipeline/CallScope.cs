namespace AgentGate.Pipeline;

/// <summary>
/// What guards learn during one call and need again later in the same call: one typed fact per type. A child call (a
/// tool call in a model's answer) reads its parent's facts and never writes them.
/// </summary>
/// <remarks>Not thread-safe: a call is one flow. Nothing here is stored.</remarks>
public sealed class CallScope
{
    private readonly Dictionary<Type, object> _facts = [];

    /// <summary>A scope.</summary>
    /// <param name="parent">The scope of the call that led to this one, if any.</param>
    public CallScope(CallScope? parent = null) => Parent = parent;

    /// <summary>The scope of the call that led to this one, if any.</summary>
    public CallScope? Parent { get; }

    /// <summary>What this call may cost; never its parent's, because each call is settled once.</summary>
    internal ICallCharge? Charge { get; set; }

    private List<ICallHold>? _holds;

    /// <summary>Leaves something to be told how this call ends; never its parent's, because each call ends once.</summary>
    internal void Hold(ICallHold hold) => (_holds ??= []).Add(hold);

    /// <summary>What was left, the last first. What is taken is told; later there is nothing any more.</summary>
    internal IReadOnlyList<ICallHold> TakeHolds()
    {
        if (_holds is not { } holds)
        {
            return [];
        }

        _holds = null;
        holds.Reverse();
        return holds;
    }

    /// <summary>The fact of a type: this call's own, else its parent's, else <see langword="null"/>.</summary>
    /// <typeparam name="T">The fact's type.</typeparam>
    public T? Find<T>()
        where T : class
        => _facts.TryGetValue(typeof(T), out var fact) ? (T)fact : Parent?.Find<T>();

    /// <summary>Records a fact of this call.</summary>
    /// <typeparam name="T">The fact's type.</typeparam>
    /// <param name="fact">The fact.</param>
    public void Set<T>(T fact)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(fact);
        _facts[typeof(T)] = fact;
    }
}
