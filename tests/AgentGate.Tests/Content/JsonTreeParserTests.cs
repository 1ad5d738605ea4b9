using System.Text;
using AgentGate.Content;
using AgentGate.Diagnostics;

namespace AgentGate.Tests.Content;

public sealed class JsonTreeParserTests
{
    private static string? FaultOf(byte[] utf8, JsonLimits? limits = null)
    {
        var tree = JsonTreeParser.Parse(utf8, limits ?? JsonLimits.Default, out var fault);
        Assert.Equal(tree is null, fault is not null);
        return fault?.Code;
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""", Codes.DuplicateMember)]
    [InlineData("""{"a":1,"\u0061":2}""", Codes.DuplicateMember)]
    [InlineData("""{"x":{"y":[{"b":1,"\u0062":2}]}}""", Codes.DuplicateMember)]
    [InlineData("""{"1":0,"2":0,"3":0,"4":0,"5":0,"6":0,"7":0,"8":0,"9":0,"10":0,"11":0,"12":0,"13":0,"14":0,"\u0031":0}""", Codes.DuplicateMember)]
    [InlineData("""{"a":1,"A":2}""", null)]
    [InlineData("""{"a":"\ud83d"}""", Codes.LoneSurrogate)]
    [InlineData("""{"\ude00":1}""", Codes.LoneSurrogate)]
    [InlineData("""{"a":"\ude00\ud83d"}""", Codes.LoneSurrogate)]
    [InlineData("""{"a":"\ud83d\ude00"}""", null)]
    [InlineData("""{"a":1} x""", Codes.InvalidJson)]
    [InlineData("""{"a":1}{"b":2}""", Codes.InvalidJson)]
    [InlineData("""{"a":NaN}""", Codes.InvalidJson)]
    [InlineData("""{"a":Infinity}""", Codes.InvalidJson)]
    [InlineData("""{"a":01}""", Codes.InvalidJson)]
    [InlineData("""{"a":1,}""", Codes.InvalidJson)]
    [InlineData("""{"a":1 /* no */}""", Codes.InvalidJson)]
    [InlineData("""{'a':1}""", Codes.InvalidJson)]
    [InlineData("", Codes.InvalidJson)]
    [InlineData("   ", Codes.InvalidJson)]
    [InlineData("{\"a\":\"line\nbreak\"}", Codes.InvalidJson)]
    public void A_document_two_parsers_could_read_differently_is_refused(string json, string? code)
        => Assert.Equal(code, FaultOf(Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void A_byte_order_mark_and_invalid_utf8_are_refused()
    {
        Assert.Equal(Codes.ByteOrderMark, FaultOf([0xEF, 0xBB, 0xBF, (byte)'{', (byte)'}']));
        Assert.Equal(Codes.InvalidUtf8, FaultOf([.. "{\"a\":\""u8, 0xC3, 0x28, .. "\"}"u8]));
        Assert.Equal(Codes.InvalidUtf8, FaultOf([.. "{\"a\":\""u8, 0xED, 0xA0, 0x80, .. "\"}"u8]));
        Assert.Equal(Codes.InvalidUtf8, FaultOf([.. "{\"a\":\""u8, 0xC0, 0xB1, .. "\"}"u8]));
    }

    [Fact]
    public void Depth_64_is_read_and_depth_65_refused()
    {
        Assert.Null(FaultOf(Encoding.UTF8.GetBytes(new string('[', 64) + new string(']', 64))));
        Assert.Equal(Codes.TooDeep, FaultOf(Encoding.UTF8.GetBytes(new string('[', 65) + new string(']', 65))));
        Assert.Equal(Codes.TooDeep, FaultOf(Encoding.UTF8.GetBytes(new string('[', 100_000))));
    }

    [Fact]
    public void The_number_of_nodes_is_bounded()
    {
        var limits = JsonLimits.Default with { NodesMax = 100 };
        Assert.Null(FaultOf(Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Repeat("0", 98)) + "]"), limits));
        Assert.Equal(Codes.TooLarge, FaultOf(Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Repeat("0", 100)) + "]"), limits));
    }

    [Fact]
    public void Documents_inside_of_strings_count_against_the_same_bound()
    {
        var json = "[" + string.Join(',', Enumerable.Repeat("\"[0]\"", 1000)) + "]";
        var tree = JsonTreeParser.Parse(Encoding.UTF8.GetBytes(json), JsonLimits.Default, out _)!;
        var reading = new DocumentReading(tree);

        JsonContentReader.Read(reading, JsonLimits.Default with { NodesMax = 5000 });

        Assert.Equal(Codes.TooLarge, reading.Fault?.Code);
    }

    [Fact]
    public void Addresses_of_a_long_array_take_linear_time()
    {
        var json = "[" + string.Join(',', Enumerable.Repeat("\"x\"", 400_000)) + "]";
        var tree = JsonTreeParser.Parse(Encoding.UTF8.GetBytes(json), JsonLimits.Default, out _)!;
        var content = JsonContentReader.Read(new DocumentReading(tree), JsonLimits.Default);

        // 400,000² / 2 steps would take minutes; the test would not end.
        for (var index = 0; index < content.Segments.Length; index++)
        {
            Assert.Equal($"/{index}", content.AddressOf(index));
        }
    }

    [Fact]
    public void The_message_names_the_position_and_no_content()
    {
        JsonTreeParser.Parse("""{"ssn":"123-45-6789","b":}"""u8.ToArray(), JsonLimits.Default, out var fault);
        Assert.Contains("line 1, byte", fault!.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("123-45-6789", fault.Message, StringComparison.Ordinal);
    }
}
