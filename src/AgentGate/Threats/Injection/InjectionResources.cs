namespace AgentGate.Threats.Injection;

/// <summary>The texts embedded in the assembly: the lexicon and the model.</summary>
internal static class InjectionResources
{
    public static string ReadText(string name)
    {
        using var stream = typeof(InjectionResources).Assembly.GetManifestResourceStream("injection/" + name)
            ?? throw new InvalidOperationException($"The assembly holds no {name}; it was built wrongly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
