using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AgentGate.Kernel.Decisions;
using AgentGate.Pii;
using AgentGate.Tests.Pii.Detection;
using AgentGate.Tests.Pipeline;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace AgentGate.Tests.Pii;

/// <summary>What was recognised in one place is masked in all, in time that grows with the content and no faster.</summary>
public sealed class PiiRepeatedTests
{
    private static PiiHits Hits(CallContent content)
        => new PiiSearch(ScannerFixture.Default).Find(content).Hits ?? throw new InvalidOperationException("Nothing was found.");

    private static string Masked(CallContent content, PiiHits hits)
        => GateFixture.Utf8(content.Apply(hits.Mask(content, [.. hits.Values.Select((value, index) => $"<{value.Type}_{index}>")]).Changes));

    [Fact]
    public void A_value_that_context_gave_away_is_masked_everywhere_however_many_others_there_are()
    {
        var json = new StringBuilder("[");
        for (var i = 0; i < 600; i++)
        {
            json.Append(CultureInfo.InvariantCulture, $"\"user{i}@example.org\",");
        }

        var content = GateFixture.Json(json.Append("""{"ssn":"219099998"},"again 219099998, x219099998 2190999981","219099998"]""").ToString());
        var masked = Masked(content, Hits(content));

        Assert.EndsWith("""{"ssn":"<SSN_600>"},"again <SSN_600>, x219099998 2190999981","<SSN_600>"]""", masked, StringComparison.Ordinal);
    }

    /// <summary>Words that begin and end alike, at the borders of words and within them.</summary>
    private static Arbitrary<string[]> Words
        => Gen.Elements("aaaaaaa", "aaaaaaa-b", "aaaaaaa-b-c", "-aaaaaaa", "a", "-", " ", "b", "aaaaaaa b").ArrayOf().Resize(30).ToArbitrary();

    [Property(MaxTest = 500)]
    public Property Known_values_are_found_as_a_search_of_every_place_finds_them()
        => Prop.ForAll(Words, Words, (words, taken) =>
        {
            var values = words.Where(word => word.Length >= KnownValues.LengthMin).Distinct().Select((word, index) => (word, index, "T")).ToList();
            if (values.Count == 0)
            {
                return true;
            }

            var text = string.Concat(words);
            ImmutableArray<PiiPlace> found = taken.Length > 0 && text.Length > taken.Length + 2 ? [new PiiPlace(0, taken.Length, 2, 0, "F")] : [];
            List<PiiPlace> places = [];
            new KnownValues(values).AddTo(0, text, found.AsSpan(), places);
            return places.SequenceEqual(Slowly(values, text, found));
        });

    private static List<PiiPlace> Slowly(List<(string Text, int Value, string Type)> values, string text, ImmutableArray<PiiPlace> found)
    {
        List<PiiPlace> places = [.. found];
        for (var at = 0; at < text.Length; at++)
        {
            var here = values.OrderByDescending(value => value.Text.Length).FirstOrDefault(value =>
                string.CompareOrdinal(text, at, value.Text, 0, value.Text.Length) == 0
                && (at == 0 || !char.IsLetterOrDigit(text[at - 1]))
                && (at + value.Text.Length == text.Length || !char.IsLetterOrDigit(text[at + value.Text.Length]))
                && !places.Any(place => place.Start < at + value.Text.Length && at < place.End));
            if (here.Text is not null)
            {
                places.Add(new PiiPlace(0, at, here.Text.Length, here.Value, here.Type));
            }
        }

        return [.. places.OrderBy(place => place.Start)];
    }

    [Theory]
    [InlineData("one value repeated")]
    [InlineData("objects with a value each")]
    [InlineData("distinct values")]
    [InlineData("values that begin with one another")]
    [InlineData("places where a value nearly begins")]
    public void Four_times_the_content_is_little_more_than_four_times_the_work(string what)
    {
        var (small, few) = Work(what, 2000);
        var (large, many) = Work(what, 8000);

        // Four times, and the logarithm of the number of values.
        Assert.InRange(large, small * 3, small * 6);
        Assert.InRange(few, 1, 256);
        Assert.InRange(many, 1, 256);
    }

    private static (long Work, int Addresses) Work(string what, int count)
    {
        var json = new StringBuilder("""["jane.roe@example.org" """);
        for (var i = 0; i < count; i++)
        {
            json.Append(',').Append(what switch
            {
                "one value repeated" => "\"jane.roe@example.org\"",
                "objects with a value each" => "{\"k\":\"jane.roe@example.org\"}",
                "distinct values" => string.Create(CultureInfo.InvariantCulture, $"\"user{i}@example.org or jane-roe user-x\""),
                "values that begin with one another" => $"\"jane.roe@example.org{(i < 50 ? new string('g', i) : "")}\"",
                _ => "\"jane.roe@exampl jane.roe@exampleorgs\"",
            });
        }

        var content = GateFixture.Json(json.Append(']').ToString());
        var hits = Hits(content);
        hits.Mask(content, [.. hits.Values.Select(value => value.Type)]);
        return (hits.RepeatedWork + hits.PlaceCount, hits.AddressCount);
    }
}
