using AgentGate.Pii.Detection;
using static AgentGate.Tests.Pii.Detection.ScannerFixture;

namespace AgentGate.Tests.Pii.Detection;

public sealed class PiiScannerTests
{
    [Theory]
    [InlineData("My SSN is 123-45-6789", "SSN:123-45-6789")]
    [InlineData("My SSN is 123-45-6789, please help", "SSN:123-45-6789")]
    [InlineData("Email: ceo@company.com", "EMAIL:ceo@company.com")]
    [InlineData("Card: 4111-1111-1111-1111", "CREDIT_CARD:4111-1111-1111-1111")]
    [InlineData("4111111111111111", "CREDIT_CARD:4111111111111111")]
    [InlineData("378282246310005", "CREDIT_CARD:378282246310005")]
    [InlineData("5105 1051 0510 5100", "CREDIT_CARD:5105 1051 0510 5100")]
    [InlineData("(555) 123-4567", "PHONE:(555) 123-4567")]
    [InlineData("call (555) 123-4567.", "PHONE:(555) 123-4567")]
    [InlineData("2001:db8::1", "IP_ADDRESS:2001:db8::1")]
    [InlineData("AKIAIOSFODNN7EXAMPLE", "API_KEY:AKIAIOSFODNN7EXAMPLE")]
    [InlineData("ghp_0123456789abcdefghijABCDEFGHIJ012345", "API_KEY:ghp_0123456789abcdefghijABCDEFGHIJ012345")]
    [InlineData("key sk-abcdEFGH1234ijklMNOP5678qrstUVWX", "API_KEY:sk-abcdEFGH1234ijklMNOP5678qrstUVWX")]
    public void What_the_published_contract_promises_is_found_whole(string text, string expected) =>
        Assert.Equal([expected], Find(text));

    [Fact]
    public void Several_values_in_one_sentence_are_found_in_order() =>
        Assert.Equal(["EMAIL:john@acme.com", "SSN:123-45-6789"], Find("Contact john@acme.com about SSN 123-45-6789"));

    [Theory]
    [InlineData("order 12345")]
    [InlineData("build ABC1234")]
    [InlineData("version1234")]
    [InlineData("999.999.999.999")]
    [InlineData("000-00-0000")]
    [InlineData("666-12-3456")]
    [InlineData("912-34-5678")]
    [InlineData("123-00-4567")]
    [InlineData("123-45-0000")]
    [InlineData("078-05-1120")]
    [InlineData("4111111111111112")]
    [InlineData("John Smith lives in Paris")]
    [InlineData("std::cout << x; MyClass::toString(); abc::def")]
    [InlineData("a[::2], b[1::2], c[::-1]")]
    [InlineData("Time 12:34:56, ratio 1:2:3:4")]
    [InlineData("2012-01-02 08:00 and 03/27/2011")]
    [InlineData("version 10.0.0.1 and Chrome/91.0.4.124")]
    [InlineData("1.2.3.4.5.6")]
    [InlineData("see section 4.2.1.3")]
    [InlineData("icon@2x.png")]
    [InlineData("git@github.com:org/repo.git")]
    [InlineData("npm:@types/node@18.0.1")]
    [InlineData("00:00:00:00:00:00 and FF:FF:FF:FF:FF:FF")]
    [InlineData("resize to 640 48 1080 1920 times")]
    [InlineData("call it a day after 1,234,567 steps")]
    [InlineData("550e8400-e29b-41d4-a716-446655440000")]
    [InlineData("sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx and ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData("token = get_token(user_id, 1234567890)")]
    [InlineData("\"created\":1700000000,\"count\":1234567")]
    public void What_only_looks_like_a_value_is_left_alone(string text) => Assert.Empty(Find(text));

    [Theory]
    [InlineData("123\u201145\u20116789", "SSN")]
    [InlineData("123\u201345\u20136789", "SSN")]
    [InlineData("\uFF11\uFF12\uFF13-\uFF14\uFF15-\uFF16\uFF17\uFF18\uFF19", "SSN")]
    [InlineData("SSN 123\u00A045\u00A06789", "SSN")]
    [InlineData("12\u200B3-45-67\u200B89", "SSN")]
    [InlineData("joe\uFF20example.com", "EMAIL")]
    [InlineData("jo\u200De@exam\u00ADple.com", "EMAIL")]
    [InlineData("4111\u20111111\u20111111\u20111111", "CREDIT_CARD")]
    [InlineData("\u0664\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661\u0661", "CREDIT_CARD")]
    public void Ordinary_disguises_do_not_hide_a_value(string value, string type)
    {
        var text = $"caf\u00e9: {value}, thanks";
        var matches = new List<PiiMatch>();
        Default.Scan(text, matches);
        var found = Assert.Single(matches);
        Assert.Equal(type, found.Type);
        var written = value.StartsWith("SSN ", StringComparison.Ordinal) ? value[4..] : value;
        Assert.Equal(written, text.Substring(found.Start, found.Length));
    }

    [Theory]
    [InlineData("{\\\"a\\\":\\\"x\\n123-45-6789\\\"}", "SSN:123-45-6789")]
    [InlineData("first\\njoe@example.com", "EMAIL:joe@example.com")]
    [InlineData("\\n4111111111111111\\n", "CREDIT_CARD:4111111111111111")]
    public void An_escaped_line_break_is_not_part_of_a_value(string text, string expected) => Assert.Equal([expected], Find(text));

    [Theory]
    [InlineData("ssn", "109996000", "SSN")]
    [InlineData("passport_number", "A12803456", "US_PASSPORT")]
    [InlineData("driverLicense", "U62928788557186", "US_DRIVER_LICENSE")]
    [InlineData("mobilePhone", "5321234567", "PHONE")]
    [InlineData("routing_number", "121042882", "US_BANK_ROUTING")]
    [InlineData("clientSecret", "Zf3D0LXCM3EIMbgJpUNn", "API_KEY")]
    public void The_name_of_a_field_is_context_for_its_value(string name, string value, string type)
    {
        var matches = new List<PiiMatch>();
        Default.Scan(value, name, matches);
        Assert.Equal([new PiiMatch(0, value.Length, type, matches[0].Score)], matches);

        matches.Clear();
        Default.Scan(value, "reference", matches);
        Assert.DoesNotContain(matches, match => match.Type == type && match.Score > 0.5);
    }

    [Fact]
    public void Findings_are_appended_after_those_already_in_the_list()
    {
        var matches = new List<PiiMatch> { new(7, 3, "OTHER", 1) };
        Default.Scan("a@b.example and c@d.example", matches);
        Assert.Equal(["OTHER", "EMAIL", "EMAIL"], matches.Select(match => match.Type));
    }

    [Fact]
    public void One_scanner_serves_many_threads()
    {
        var text = string.Concat(Enumerable.Range(0, 200).Select(i => $"user{i}@example.com, 123-45-{1000 + i}, \uFF11 "));
        var expected = Find(text);
        Assert.Equal(400, expected.Length);
        Parallel.For(0, 32, _ => Assert.Equal(expected, Find(text)));
    }
}
