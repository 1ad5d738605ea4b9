using System.Collections.Immutable;
using System.Text;
using AgentGate.Content;
using AgentGate.Kernel.Decisions;
using AgentGate.Tests.Pipeline;

namespace AgentGate.Tests.Content;

public sealed class JsonSlotsTests
{
    [Fact]
    public void The_way_from_a_segment_to_its_node_has_a_way_back_also_beside_strings_that_hold_json()
    {
        var content = GateFixture.Json("""{"a":"x","b":"{\"c\":[\"d\",\"[\\\"e\\\"]\"]}","f":1,"g":["h",1234567]}""");

        var outer = Enumerable.Range(0, content.Segments.Length).Where(index => content.RootNodeOf(index) >= 0).ToList();
        Assert.Equal(7, outer.Count);
        Assert.All(outer, index => Assert.Equal(index, content.SegmentOf(content.RootNodeOf(index))));
        Assert.Equal(-1, content.SegmentOf(0));
        Assert.Equal(-1, content.SegmentOf(content.Tree.Find(0, "b")));
        Assert.Equal(-1, content.SegmentOf(content.Tree.Find(0, "f")));
        Assert.Equal(-1, content.SegmentOf(int.MaxValue));
    }

    [Fact]
    public void An_address_names_masked_keys_on_every_level_of_strings_that_hold_json()
    {
        var content = GateFixture.Json("""{"k1":"{\"k2\":{\"k3\":\"[{\\\"k4\\\":\\\"x\\\"}]\"}}"}""");

        var masked = content.Apply(
            [.. content.Segments.ToArray().Where(segment => segment.Kind == SegmentKind.Key).Select(segment => new ContentChange.ReplaceText(segment.Index, $"<{segment.Text}>"))]);

        Assert.Equal("/<k1>#/<k2>/<k3>#/0/<k4>", masked.AddressOf(masked.Segments.Length - 1));
    }

    [Fact]
    public void Addresses_of_many_objects_after_a_change_take_linear_time()
    {
        var json = new StringBuilder("[");
        for (var i = 0; i < 200_000; i++)
        {
            json.Append(i == 0 ? "" : ",").Append("{\"k\":\"v\"}");
        }

        var content = GateFixture.Json(json.Append(']').ToString());
        ImmutableArray<ContentChange> changes = [.. Enumerable.Range(0, 400_000).Select(index => new ContentChange.ReplaceText(index, "m"))];
        var masked = (JsonContent)content.Apply(changes);

        // With a search through all segments for each name this is 4·10¹⁰ steps; the test would not end.
        for (var i = 0; i < 200_000; i++)
        {
            Assert.Equal($"/{i}/m", masked.AddressOf((2 * i) + 1));
            Assert.Equal(2 * i, masked.SegmentOf(masked.RootNodeOf(2 * i)));
        }
    }
}
