using System.Collections.Immutable;

namespace AgentGate.Threats.Injection;

/// <summary>Words of one meaning in several languages, read from an embedded list. Immutable.</summary>
internal sealed class InjectionLexicon
{
    /// <summary>The longest entry of a script without spaces, in characters.</summary>
    public const int UnspacedMax = 6;

    /// <summary>The shortest word that is known backwards and shifted too: shorter ones are words of some language.</summary>
    private const int TurnedMin = 6;

    private readonly Dictionary<uint, byte> _classes = [];
    private readonly HashSet<uint> _turned = [];

    private InjectionLexicon(ImmutableArray<string> names, ImmutableArray<InjectionFeature> features)
    {
        Names = names;
        Features = features;
    }

    /// <summary>The list that ships.</summary>
    public static InjectionLexicon Shipped { get; } = Read(InjectionResources.ReadText("lexicon.txt"));

    /// <summary>The names of the classes; number 0 is no class.</summary>
    public ImmutableArray<string> Names { get; }

    /// <summary>What a finding calls evidence of a class.</summary>
    public ImmutableArray<InjectionFeature> Features { get; }

    /// <summary>The class of a folded word, or 0.</summary>
    public byte ClassOf(uint hash) => _classes.GetValueOrDefault(hash);

    /// <summary>Whether a word is known by its backwards or shifted form.</summary>
    public bool IsTurned(uint hash) => _turned.Contains(hash);

    /// <summary>The number of a class.</summary>
    public byte Number(string name) => (byte)Names.IndexOf(name);

    /// <summary>The hash of folded characters (FNV-1a, 32 bits).</summary>
    public static uint Hash(ReadOnlySpan<char> word)
    {
        var hash = 2166136261u;
        foreach (var character in word)
        {
            hash = (hash ^ character) * 16777619u;
        }

        return hash;
    }

    private static InjectionLexicon Read(string text)
    {
        List<string> names = [""];
        List<InjectionFeature> features = [InjectionFeature.Wording];
        List<(string Word, byte Class)> words = [];
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var head = line[..colon].Split(' ');
            if (!names.Contains(head[0]))
            {
                names.Add(head[0]);
                features.Add(Enum.Parse<InjectionFeature>(head[1], ignoreCase: true));
            }

            words.AddRange(line[(colon + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => (Fold(word), (byte)names.IndexOf(head[0]))));
        }

        var lexicon = new InjectionLexicon([.. names], [.. features]);
        foreach (var (word, number) in words)
        {
            lexicon._classes.TryAdd(Hash(word), number);
        }

        foreach (var (word, number) in words.Where(entry => entry.Word.Length >= TurnedMin && entry.Word.All(char.IsAsciiLetter)))
        {
            foreach (var turned in (ReadOnlySpan<string>)[new string([.. word.Reverse()]), new string([.. word.Select(Shift)])])
            {
                if (lexicon._classes.TryAdd(Hash(turned), number))
                {
                    lexicon._turned.Add(Hash(turned));
                }
            }
        }

        return lexicon;
    }

    private static string Fold(string word) => new([.. word.Select(FoldTable.Fold).Where(letter => letter != FoldTable.Dropped)]);

    private static char Shift(char letter) => (char)('a' + ((letter - 'a' + 13) % 26));
}
