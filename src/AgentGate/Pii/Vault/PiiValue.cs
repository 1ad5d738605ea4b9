namespace AgentGate.Pii.Vault;

/// <summary>One value to be given a token.</summary>
/// <param name="Type">The type its token names. A value that already has a token keeps it, whatever the type.</param>
/// <param name="Text">The value exactly as it was written.</param>
internal readonly record struct PiiValue(string Type, string Text)
{
    /// <summary>Refuses to print the value, so that no log or message can hold it by accident.</summary>
    public override string ToString() => Type;
}
