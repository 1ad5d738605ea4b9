namespace AgentGate.Threats.Injection;

/// <summary>The texts embedded in the assembly: the lexicon and the model.</summary>
internal static class InjectionResources
{
    public static string ReadText(string name)
    {
        var type = typeof(InjectionResources);
        using var stream = type.Assembly.GetManifestResourceStream($"{type.Namespace}.{name}")
            ?? throw new InvalidOperationException($"The assembly holds no {name}; it was built wrongly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
