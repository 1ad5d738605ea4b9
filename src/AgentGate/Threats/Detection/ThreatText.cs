namespace AgentGate.Threats.Detection;

/// <summary>One reading of a text: as it stands, or with a layer of encoding taken off.</summary>
/// <param name="text">The text of this reading.</param>
/// <param name="context">Where it stands.</param>
/// <param name="kind">What the tool declares it to be; <see cref="ArgumentKind.Text"/> outside of arguments.</param>
/// <param name="isDecoded">Whether an encoding was taken off to get here. People do not encode what they mean to be read.</param>
internal readonly ref struct ThreatText(ReadOnlySpan<char> text, ThreatContext context, ArgumentKind kind = ArgumentKind.Text, bool isDecoded = false)
{
    /// <summary>The text of this reading.</summary>
    public ReadOnlySpan<char> Text { get; } = text;

    /// <summary>Where it stands.</summary>
    public ThreatContext Context { get; } = context;

    /// <summary>What the tool declares it to be.</summary>
    public ArgumentKind Kind { get; } = kind;

    /// <summary>Whether an encoding was taken off to get here.</summary>
    public bool IsDecoded { get; } = isDecoded;
}
