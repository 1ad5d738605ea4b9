using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AgentGate.Content;
using AgentGate.Kernel.Decisions;
using AgentGate.Tests.Pipeline;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using JsonNode = System.Text.Json.Nodes.JsonNode;

namespace AgentGate.Tests.Content;

public sealed class JsonContentTests
{
    /// <summary>Random documents as text: escapes, spaces, nesting, strings that hold JSON.</summary>
    private static Gen<string> Documents(int depth)
    {
        var text = Gen.OneOf(
            Gen.Elements("", "a", "123-45-6789", "\\u0061\\n", "é€😀", "\\ud83d\\ude00", "<SSN_1>", "{\\\"k\\\":\\\"v\\\"}", "[1,\\\"\\\\u0041\\\"]", "{broken"),
            Gen.Choose(0, 99999).Select(n => $"s{n}"));
        var scalar = Gen.OneOf(text.Select(s => $"\"{s}\""), Gen.Elements("0", "-1.5e3", "12345678", "true", "false", "null"));
        if (depth == 0)
        {
            return scalar;
        }

        var child = Documents(depth - 1);
        var array = child.ArrayOf().Resize(4).Select(items => "[ " + string.Join(" ,", items) + "]");
        var obj = child.ArrayOf().Resize(4).Select(items => "{" + string.Join(",\n", items.Select((item, i) => $"\"k{i}\" : {item}")) + " }");
        return Gen.OneOf(scalar, array, obj);
    }

    private static Arbitrary<string> Document => Documents(4).Select(json => " " + json + "\n").ToArbitrary();

    [Property]
    public Property A_document_without_a_change_is_the_same_bytes()
        => Prop.ForAll(Document, json => GateFixture.Utf8(GateFixture.Json(json).Apply([])) == json);

    [Property]
    public Property A_change_of_one_segment_changes_that_string_alone()
        => Prop.ForAll(Document, Gen.Choose(0, 1000).ToArbitrary(), (json, pick) =>
        {
            var content = GateFixture.Json(json);
            if (content.Segments.Length == 0)
            {
                return true;
            }

            var index = pick % content.Segments.Length;
            const string text = "neu\"\\\u0001 <SSN_9> 😀";
            var changed = (JsonContent)content.Apply([new ContentChange.ReplaceText(index, text)]);
            var again = GateFixture.Json(GateFixture.Utf8(changed));
            return again.Segments.Length == content.Segments.Length
                && Enumerable.Range(0, again.Segments.Length).All(i =>
                    again.Segments[i].Text.Span.SequenceEqual(i == index ? text : content.Segments[i].Text.Span))
                && OutsideIsUntouched(json, GateFixture.Utf8(changed));
        });

    [Property]
    public Property Changing_every_segment_to_what_it_is_keeps_the_meaning()
        => Prop.ForAll(Document, json =>
        {
            var content = GateFixture.Json(json);
            ImmutableArray<ContentChange> changes =
                [.. content.Segments.ToArray().Where(s => s.Kind != SegmentKind.Number && !content.AddressOf(s.Index).Contains('#', StringComparison.Ordinal))
                    .Select(s => new ContentChange.ReplaceText(s.Index, s.Text.ToString()))];
            return JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(GateFixture.Utf8(content.Apply(changes))));
        });

    /// <summary>One change is one place: what is before and after it are the same bytes, so the common prefix and suffix cover all but one string.</summary>
    private static bool OutsideIsUntouched(string before, string after)
    {
        var prefix = before.AsSpan().CommonPrefixLength(after);
        var suffix = 0;
        while (suffix < before.Length - prefix && suffix < after.Length - prefix && before[^(suffix + 1)] == after[^(suffix + 1)])
        {
            suffix++;
        }

        return JsonDocument.Parse(after) is not null && !before[prefix..^suffix].Contains('\n', StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_long_numbers_and_strings_in_strings_are_segments()
    {
        var content = GateFixture.Json("""{"key":"{\"inner\":\"\\u0031\\u0032\",\"n\":1234567}","short":123456,"long":1234567.0}""");

        Assert.Equal(
            ["Key key", "Key inner", "Text 12", "Key n", "Number 1234567", "Key short", "Key long", "Number 1234567.0"],
            content.Segments.ToArray().Select(s => $"{s.Kind} {s.Text}"));
        Assert.Equal("/key#/inner", content.AddressOf(2));
    }

    [Fact]
    public void A_change_inside_a_string_that_holds_json_keeps_it_json()
    {
        var content = GateFixture.Json("""{"args":"{\"q\":\"x\", \"n\": 1}"}""");

        var changed = GateFixture.Utf8(content.Apply([new ContentChange.ReplaceText(2, "a \"quote\"")]));

        var inner = JsonNode.Parse(changed)!["args"]!.GetValue<string>();
        Assert.Equal("""{"q":"a \"quote\"", "n": 1}""", inner);
    }

    [Fact]
    public void A_long_number_that_is_masked_becomes_a_string()
        => Assert.Equal(
            """{"n":"<SSN_1>"}""",
            GateFixture.Utf8(GateFixture.Json("""{"n":123456789}""").Apply([new ContentChange.ReplaceText(1, "<SSN_1>")])));

    private static JsonContent WithTools(string json)
    {
        var tree = JsonTreeParser.Parse(Encoding.UTF8.GetBytes(json), JsonLimits.Default, out _)!;
        var reading = new DocumentReading(tree);
        foreach (var tool in tree.Elements(tree.Find(0, "tools")))
        {
            reading.Tools.Add((tree.FindText(tool, "name")!, tool));
        }

        return JsonContentReader.Read(reading, JsonLimits.Default);
    }

    [Theory]
    [InlineData("a", """{"x":1,"tools":[{"name":"b"},{"name":"c"}],"tool_choice":"auto"}""", "b,c")]
    [InlineData("b", """{"x":1,"tools":[{"name":"a"},{"name":"c"}],"tool_choice":"auto"}""", "a,c")]
    [InlineData("a,b,c", """{"x":1}""", "")]
    public void A_removed_tool_is_gone_and_the_last_one_takes_the_list_and_the_choice_along(string remove, string expected, string declared)
    {
        var content = WithTools("""{"x":1,"tools":[{"name":"a"},{"name":"b"},{"name":"c"}],"tool_choice":"auto"}""");

        var changed = content.Apply([.. remove.Split(',').Select(name => new ContentChange.RemoveTool(name))]);

        Assert.Equal(expected, GateFixture.Utf8(changed));
        Assert.Equal(declared, string.Join(',', changed.DeclaredTools));
        Assert.False(GateFixture.Utf8(changed).Contains("tools\":[]", StringComparison.Ordinal));
    }

    [Fact]
    public void A_segment_changed_twice_in_one_verdict_is_refused()
        => Assert.Throws<ArgumentException>(() => GateFixture.Json("""{"a":"b"}""").Apply(
            [new ContentChange.ReplaceText(1, "x"), new ContentChange.ReplaceText(1, "y")]));

    [Fact]
    public void Edits_of_members_and_elements_compose()
    {
        var tree = JsonTreeParser.Parse("""{ "a" : 1, "b": [1, 2 ,3], "c":{"d":null} }"""u8.ToArray(), JsonLimits.Default, out _)!;
        var edits = new JsonEdits(tree);
        Assert.True(edits.IsEmpty);
        Assert.Equal(tree.Utf8, edits.Render());

        edits.RemoveMember(tree.Find(0, "a") - 1);
        edits.RemoveElement(tree.Elements(tree.Find(0, "b")).ElementAt(1));
        edits.Append(tree.Find(0, "c"), "\"e\":\"f\""u8);

        Assert.Equal("""{"b":[1,3],"c":{"d":null,"e":"f"}}""", Encoding.UTF8.GetString(edits.Render().Span));
    }
}
