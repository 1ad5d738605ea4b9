using System.Collections.Frozen;
using System.Text;
using AgentGate.Content;
using AgentGate.Diagnostics;

namespace AgentGate.Tests.Content;

public sealed class MemberNamesTests
{
    private static readonly FrozenSet<string> s_known = Set("tools", "type", "function", "name", "parameters");
    private static readonly FrozenSet<string> s_freeForm = Set("parameters");

    [Theory]
    [InlineData("""{"Tools":[]}""")]
    [InlineData("""{"tools":[{"type":"a","Type":"b"}]}""")]
    [InlineData("""{"tools":[{"function":{"name":"a","N\u0061me":"b"}}]}""")]
    [InlineData("""{"tools":[[{"TYPE":"b"}]]}""")]
    [InlineData("""{"own":1,"Own":2}""")]
    [InlineData("""{"tool\u017f":[]}""")]
    [InlineData("""{"\u212Aey":1,"key":2}""")]
    public void A_name_that_differs_only_by_case_is_refused_in_every_object_of_the_protocol(string json)
        => Assert.Equal(Codes.MemberCase, Fault(json));

    [Theory]
    [InlineData("""{"tools":[{"type":"a","function":{"name":"x","parameters":{"properties":{"a":1,"A":2,"Type":3}}}}]}""")]
    [InlineData("""{"own":{"a":1,"A":2,"Type":3}}""")]
    [InlineData("""{"name":"{\"a\":1,\"A\":2}"}""")]
    public void In_a_free_form_map_they_are_two_names(string json) => Assert.Null(Fault(json));

    private static string? Fault(string json)
    {
        var reading = new DocumentReading(JsonTreeParser.Parse(Encoding.UTF8.GetBytes(json), JsonLimits.Default, out _)!);
        reading.CheckNames(0, s_known, s_freeForm);
        return reading.Fault?.Code;
    }

    private static FrozenSet<string> Set(params string[] names) => names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
}
