using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AgentGate.Budgets;

/// <summary>The shipped price table: a data file with its version, its date and its source, embedded in the assembly.</summary>
internal sealed partial class PriceFile
{
    private const string Resource = "AgentGate.Budgets.prices.json";

    private static readonly Lazy<PriceFile> s_shipped = new(Load);

    private PriceFile(Document document)
    {
        (Version, Date, Source) = (document.Version, document.Date, document.Source);
        ByName = document.Models.ToFrozenDictionary(model => model.Name, Price, StringComparer.Ordinal);
    }

    public static PriceFile Shipped => s_shipped.Value;

    /// <summary>The file's version; it changes with every change of a price.</summary>
    public string Version { get; }

    public string Date { get; }

    public string Source { get; }

    public FrozenDictionary<string, ModelPrice> ByName { get; }

    private static PriceFile Load()
    {
        using var stream = typeof(PriceFile).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"{Resource} is not embedded.");
        return new PriceFile(JsonSerializer.Deserialize(stream, FileJson.Default.Document)!);
    }

    private static ModelPrice Price(Model model) => new()
    {
        Rates = PriceRates.Of(
            Usd(model.Input)!.Value, Usd(model.Output)!.Value, Usd(model.CachedInput), Usd(model.CacheWrite), Usd(model.CacheWriteLong), Usd(model.Reasoning)),
        LongAbove = model.LongContext?.Above,
        LongRates = model.LongContext is not { } above ? null : PriceRates.Of(
            Usd(above.Input)!.Value, Usd(above.Output)!.Value, Usd(above.CachedInput), Usd(above.CacheWrite), Usd(above.CacheWriteLong), null),
        InputTokensMax = model.InputTokensMax,
        OutputTokensMax = model.OutputTokensMax,
        IsOpenAI = model.Provider == "openai",
    };

    // Prices are strings in the file, so that no reader turns them into binary fractions.
    private static decimal? Usd(string? text) => text is null ? null : decimal.Parse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);

    internal sealed record Document(string Version, string Date, string Unit, string Source, IReadOnlyList<Model> Models);

    internal sealed record Model(
        string Provider,
        string Name,
        string Input,
        string Output,
        long InputTokensMax,
        long OutputTokensMax,
        string? CachedInput = null,
        string? CacheWrite = null,
        string? CacheWriteLong = null,
        string? Reasoning = null,
        LongContext? LongContext = null);

    internal sealed record LongContext(
        long Above, string Input, string Output, string? CachedInput = null, string? CacheWrite = null, string? CacheWriteLong = null);

    [JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
    [JsonSerializable(typeof(Document))]
    private sealed partial class FileJson : JsonSerializerContext;
}
