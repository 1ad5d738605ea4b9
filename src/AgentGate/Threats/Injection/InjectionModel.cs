using System.Globalization;

namespace AgentGate.Threats.Injection;

/// <summary>
/// What each feature of a window weighs: a logistic regression. The weights that ship were trained on the public
/// development data by <c>benchmarks train injection</c>; the head of the embedded file says when and how.
/// </summary>
/// <remarks>
/// The features have one numbering: words and pairs of words that the model names, then ordered pairs of lexicon classes
/// that stand near each other, then classes that open a sentence, then marks. Immutable once built.
/// </remarks>
internal sealed class InjectionModel
{
    /// <summary>Room for classes; the lexicon has fewer.</summary>
    public const int Classes = 64;

    /// <summary>Features of a window that are not about words: one for each mark, and a few made of several.</summary>
    public const int Marks = 32;

    /// <summary>The mark of a sentence that says it all: override, what, instructions.</summary>
    public const int OverrideMark = 20;

    private static readonly InjectionFeature[] s_markFeatures = MarkFeatures();

    private readonly Dictionary<ulong, int> _terms = [];
    private readonly List<string> _names = [];
    private readonly float[] _weights;
    private readonly InjectionFeature[] _termFeatures;

    private InjectionModel(IEnumerable<string> terms, Func<int, float[]> weights, float bias)
    {
        foreach (var term in terms)
        {
            if (_terms.TryAdd(KeyOf(term), _names.Count))
            {
                _names.Add(term);
            }
        }

        _termFeatures = [.. _names.Select(FeatureOfTerm)];

        _weights = weights(_names.Count + (Classes * Classes) + Classes + Marks);
        Bias = bias;
    }

    /// <summary>The model that ships.</summary>
    public static InjectionModel Shipped { get; } = Parse(InjectionResources.ReadText("model.txt"));

    /// <summary>How many features there are.</summary>
    public int Count => _weights.Length;

    /// <summary>How many of them are words and pairs of words.</summary>
    public int TermCount => _names.Count;

    /// <summary>What a window without any feature weighs.</summary>
    public float Bias { get; }

    /// <summary>The weights, by the feature's number.</summary>
    public ReadOnlySpan<float> Weights => _weights;

    /// <summary>The number of a word or a pair of words, or -1.</summary>
    public int Term(uint first, uint second) => _terms.TryGetValue(((ulong)first << 32) | second, out var number) ? number : -1;

    /// <summary>The number of an ordered pair of classes.</summary>
    public int Pair(byte first, byte second) => TermCount + (first * Classes) + second;

    /// <summary>The number of a class that opens a sentence.</summary>
    public int Opening(byte number) => TermCount + (Classes * Classes) + number;

    /// <summary>The number of a mark.</summary>
    public int Mark(int bit) => TermCount + (Classes * Classes) + Classes + bit;

    /// <summary>What stands for a class in a pair with a word.</summary>
    public static uint ClassHash(byte number) => 0xC1A55000u + number;

    /// <summary>A model without weights over the given terms, for training.</summary>
    public static InjectionModel Untrained(IEnumerable<string> terms) => new(terms, count => new float[count], 0);

    /// <summary>The same features with other weights.</summary>
    public InjectionModel With(float[] weights, float bias)
    {
        if (weights.Length != Count)
        {
            throw new ArgumentException($"The model has {Count} features.", nameof(weights));
        }

        return new InjectionModel(_names, _ => weights, bias);
    }

    /// <summary>The name of a feature as the file writes it.</summary>
    public string NameOf(int number)
    {
        var beyond = number - TermCount;
        return beyond switch
        {
            < 0 => _names[number],
            < Classes * Classes => $"{ClassName(beyond / Classes)}~{ClassName(beyond % Classes)}",
            < (Classes * Classes) + Classes => $"^{ClassName(beyond - (Classes * Classes))}",
            _ => $"!{beyond - (Classes * Classes) - Classes}",
        };
    }

    /// <summary>A number without a class keeps its number: there is room for classes to come.</summary>
    private static string ClassName(int number)
        => number > 0 && number < InjectionLexicon.Shipped.Names.Length ? InjectionLexicon.Shipped.Names[number] : number.ToString(CultureInfo.InvariantCulture);

    /// <summary>What a finding calls the evidence of a feature: a word's class speaks, of a pair the class that says more.</summary>
    public InjectionFeature FeatureOf(int number)
    {
        var features = InjectionLexicon.Shipped.Features;
        var beyond = number - TermCount;
        return beyond switch
        {
            < 0 => _termFeatures[number],
            < Classes * Classes => (InjectionFeature)Math.Max((int)Of(beyond / Classes), (int)Of(beyond % Classes)),
            < (Classes * Classes) + Classes => Of(beyond - (Classes * Classes)),
            _ => s_markFeatures[beyond - (Classes * Classes) - Classes],
        };

        InjectionFeature Of(int number) => number < features.Length ? features[number] : InjectionFeature.Wording;
    }

    /// <summary>Reads the file's form: comments, the bias, then one feature and its weight a line.</summary>
    /// <exception cref="FormatException">A line is no feature with a weight.</exception>
    public static InjectionModel Parse(string text)
    {
        List<(string Name, float Weight)> read = [];
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] != '#')
            {
                var tab = line.LastIndexOf('\t');
                read.Add((line[..tab], float.Parse(line.AsSpan(tab + 1), CultureInfo.InvariantCulture)));
            }
        }

        var model = Untrained(read.Select(entry => entry.Name).Where(name => IsTerm(name)));
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var number = 0; number < model.Count; number++)
        {
            numbers.TryAdd(model.NameOf(number), number);
        }

        var weights = new float[model.Count];
        foreach (var (name, weight) in read.Where(entry => entry.Name != "="))
        {
            weights[numbers[name]] = weight;
        }

        return model.With(weights, read.Where(entry => entry.Name == "=").Sum(entry => entry.Weight));
    }

    private static InjectionFeature FeatureOfTerm(string term)
    {
        var lexicon = InjectionLexicon.Shipped;
        return term.Split(' ').Max(word => lexicon.Features[word is ['<', .. var name, '>'] ? lexicon.Number(name) : lexicon.ClassOf(InjectionLexicon.Hash(word))]);
    }

    private static InjectionFeature[] MarkFeatures()
    {
        var features = new InjectionFeature[Marks];
        foreach (var (mark, feature) in (ReadOnlySpan<(TokenMarks, InjectionFeature)>)
        [
            (TokenMarks.Masked, InjectionFeature.Hidden), (TokenMarks.Hidden, InjectionFeature.Hidden), (TokenMarks.Concealed, InjectionFeature.Hidden),
            (TokenMarks.Turned, InjectionFeature.Encoded), (TokenMarks.Template, InjectionFeature.Delimiter), (TokenMarks.RoleHead, InjectionFeature.Delimiter),
            (TokenMarks.Fenced, InjectionFeature.Delimiter), (TokenMarks.Bracketed, InjectionFeature.Delimiter),
            (TokenMarks.Mail, InjectionFeature.Exfiltration), (TokenMarks.Web, InjectionFeature.Exfiltration),
        ])
        {
            features[System.Numerics.BitOperations.TrailingZeroCount((int)mark)] = feature;
        }

        features[OverrideMark] = InjectionFeature.Override;
        return features;
    }

    /// <summary>Words and pairs of words: <c>ignore</c>, <c>and ignore</c>, <c>&lt;override&gt; the</c>.</summary>
    private static bool IsTerm(string name) => name is not "=" && name[0] is not ('^' or '!') && !name.Contains('~', StringComparison.Ordinal);

    private static ulong KeyOf(string term)
    {
        var space = term.IndexOf(' ', StringComparison.Ordinal);
        return space < 0 ? Part(term) : ((ulong)Part(term[..space]) << 32) | Part(term[(space + 1)..]);
    }

    private static uint Part(string word)
        => word is ['<', .. var name, '>'] ? ClassHash(InjectionLexicon.Shipped.Number(name)) : InjectionLexicon.Hash(word);
}
