using AgentGate.Budgets;
using AgentGate.Kernel.Decisions;

namespace AgentGate.Tests.Budgets;

public sealed class PriceTests
{
    [Fact]
    public void The_shipped_table_names_its_date_and_source_and_prices_the_three_providers()
    {
        var file = PriceFile.Shipped;

        Assert.True(DateOnly.TryParseExact(file.Date, "yyyy-MM-dd", out _));
        Assert.StartsWith(file.Date, file.Version, StringComparison.Ordinal);
        Assert.NotEmpty(file.Source);
        Assert.All(["gpt-4o-mini", "gpt-5", "o3", "claude-sonnet-4-5", "claude-haiku-4-5", "gemini-2.5-pro", "gemini-2.5-flash"], name => Assert.True(file.ByName.ContainsKey(name), name));
        Assert.All(file.ByName, model =>
        {
            Assert.True(model.Value.Rates.InputBound > 0, model.Key);
            Assert.True(model.Value.Rates.CachedInput <= model.Value.Rates.Input, model.Key);
            Assert.True(model.Value.LongAbove is null || model.Value.InputTokensMax > model.Value.LongAbove, model.Key);
        });
    }

    [Theory]
    [InlineData("gpt-4o", 2_500)]
    [InlineData("gpt-4o-2024-08-06", 2_500)]
    [InlineData("gpt-4o-2024-05-13", 5_000)]
    [InlineData("claude-sonnet-4-5-20250929", 3_000)]
    [InlineData("claude-sonnet-4-5@20250929", 3_000)]
    [InlineData("models/gemini-2.5-pro", 1_250)]
    public void A_dated_snapshot_costs_what_its_model_costs(string model, int nanoPerToken)
        => Assert.Equal(nanoPerToken, new PriceBook(new BudgetOptions()).Find("p", model, model)?.Rates.Input);

    [Theory]
    [InlineData("gpt-4o-audio")]
    [InlineData("gpt-4o-2024-13-06")]
    [InlineData("gpt-4o-20240806x")]
    [InlineData("ft:gpt-4o:org::id")]
    [InlineData("-2024-08-06")]
    [InlineData("gpt")]
    public void Nothing_else_is_guessed(string model) => Assert.Null(new PriceBook(new BudgetOptions()).Find("p", model, model));

    [Fact]
    public void An_operator_s_price_beats_the_table_an_exact_one_a_pattern_and_a_longer_pattern_a_shorter_one()
    {
        var options = new BudgetOptions
        {
            Prices =
            {
                ["*"] = new PriceOptions { Input = 1, Output = 1 },
                ["local/*"] = new PriceOptions { Input = 0, Output = 0 },
                ["gpt-4o"] = new PriceOptions { Input = 2, Output = 2 },
                ["azure/gpt-4o"] = new PriceOptions { Input = 3, Output = 3 },
                ["alias"] = new PriceOptions { Input = 4, Output = 4 },
            },
        };
        var book = new PriceBook(options);

        Assert.Equal(2_000, book.Find("openai", "gpt-4o", "gpt-4o")!.Rates.Input);
        Assert.True(book.Find("openai", "gpt-4o", "gpt-4o")!.IsOpenAI);
        Assert.Equal(3_000, book.Find("azure", "gpt-4o", "gpt-4o")!.Rates.Input);
        Assert.Equal(4_000, book.Find("azure", "deployment-1", "alias")!.Rates.Input);
        Assert.True(book.Find("local", "llama", "llama")!.IsFree);
        Assert.Equal(1_000, book.Find("openai", "gpt-5", "gpt-5")!.Rates.Input);
    }

    [Fact]
    public void A_call_to_several_targets_is_priced_as_the_dearest_and_refused_if_one_has_no_price()
    {
        var book = new PriceBook(new BudgetOptions());

        Assert.Equal(2_500, book.Find([new("a", "gpt-4o-mini"), new("b", "gpt-4o")], "x")!.Rates.Input);
        Assert.Null(book.Find([new("a", "gpt-4o-mini"), new("b", "mystery")], "x"));
    }

    [Theory]
    [InlineData("gpt-4o-mini", 1_000, 500, 0, 0, 0, 0, 450_000)]
    [InlineData("gpt-4o-mini", 1_000, 500, 800, 0, 0, 0, 390_000)]
    [InlineData("gpt-4o-mini", 1_000, 500, 0, 0, 0, 400, 450_000)]
    [InlineData("claude-sonnet-4-5", 10_000, 100, 8_000, 1_000, 0, 0, 10_650_000)]
    [InlineData("claude-sonnet-4-5", 10_000, 100, 8_000, 1_000, 1_000, 0, 12_900_000)]
    [InlineData("gemini-2.5-pro", 200_000, 1_000, 0, 0, 0, 0, 260_000_000)]
    [InlineData("gemini-2.5-pro", 200_001, 1_000, 0, 0, 0, 0, 515_002_500)]
    public void A_usage_costs_what_the_provider_s_price_page_says(
        string model, long input, long output, long cached, long written, long writtenLong, long reasoning, long nano)
        => Assert.Equal(nano, new PriceBook(new BudgetOptions()).Find("p", model, model)!.Cost(new Usage(input, output)
        {
            CachedInputTokens = cached,
            CacheWriteTokens = written,
            LongCacheWriteTokens = writtenLong,
            ReasoningTokens = reasoning,
        }));

    [Fact]
    public void A_cost_is_rounded_once_and_up_and_nonsense_from_a_provider_does_not_overflow()
    {
        var price = new ModelPrice { Rates = PriceRates.Of(0.0001m, 0.0001m, null, null, null, null) };

        Assert.Equal(1, price.Cost(new Usage(1, 0)));
        Assert.Equal(1, price.Cost(new Usage(5, 5)));
        Assert.Equal(2, price.Cost(new Usage(5, 6)));
        Assert.Equal(200_000_000, price.Cost(new Usage(long.MaxValue, long.MaxValue) { CachedInputTokens = long.MaxValue }));
        Assert.Equal(0, price.Cost(new Usage(-5, long.MinValue)));
    }

    [Fact]
    public void No_usage_within_the_bounds_costs_more_than_the_bounds_say()
    {
        var random = new Random(7);
        foreach (var (name, price) in PriceFile.Shipped.ByName)
        {
            for (var i = 0; i < 50; i++)
            {
                var (input, output) = (random.NextInt64(400_000), random.NextInt64(20_000));
                var bound = input + random.NextInt64(100_000);
                var written = random.NextInt64(input + 1);
                var usage = new Usage(input, output)
                {
                    CacheWriteTokens = written,
                    LongCacheWriteTokens = random.NextInt64(written + 1),
                    CachedInputTokens = random.NextInt64(input - written + 1),
                    ReasoningTokens = random.NextInt64(output + 1),
                };
                Assert.True(price.Cost(usage) <= NanoUsd.Ceiling((bound * price.InputBound(bound)) + (output * price.OutputBound(bound))), $"{name}: {usage}");
            }
        }
    }

    [Fact]
    public void Tokens_are_counted_as_the_public_vocabulary_does_and_never_more_than_there_are_bytes()
    {
        Assert.Equal(0, TokenCount.Of(""));
        Assert.Equal(4, TokenCount.Of("Hello, world!"));
        Assert.Equal(2, TokenCount.Of("hello world"));
        var random = new Random(3);
        for (var i = 0; i < 200; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(600)).Select(_ => (char)random.Next(random.Next(3) == 0 ? 0xD7FF : 0x7F)));
            Assert.True(TokenCount.Of(text) <= System.Text.Encoding.UTF8.GetByteCount(text), text);
        }
    }
}
