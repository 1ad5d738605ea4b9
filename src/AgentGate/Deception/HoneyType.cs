namespace AgentGate.Deception;

/// <summary>What a honey token pretends to be. A closed set; the wire words are in <see cref="HoneyTypes"/>.</summary>
internal enum HoneyType
{
    /// <summary>A tool nobody has a reason to call.</summary>
    Tool,

    /// <summary>A resource nobody has a reason to use.</summary>
    Resource,

    /// <summary>A credential nobody has a reason to know.</summary>
    Credential,

    /// <summary>A store nobody has a reason to open.</summary>
    DataStore,
}

/// <summary>The words for the types.</summary>
internal static class HoneyTypes
{
    private static readonly (HoneyType Type, string Word)[] s_words =
        [(HoneyType.Tool, "TOOL"), (HoneyType.Resource, "RESOURCE"), (HoneyType.Credential, "CREDENTIAL"), (HoneyType.DataStore, "DATA_STORE")];

    public static IEnumerable<string> Words => s_words.Select(static pair => pair.Word);

    public static string Word(this HoneyType type) => s_words.First(pair => pair.Type == type).Word;

    public static HoneyType? Parse(string? word) => s_words.Where(pair => pair.Word == word).Select(static pair => (HoneyType?)pair.Type).FirstOrDefault();
}
