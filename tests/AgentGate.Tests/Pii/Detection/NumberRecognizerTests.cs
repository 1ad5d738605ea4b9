using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using static AgentGate.Tests.Pii.Detection.ScannerFixture;

namespace AgentGate.Tests.Pii.Detection;

public sealed class NumberRecognizerTests
{
    [Theory]
    [InlineData("my social security number is 109 99 6000", "SSN:109 99 6000")]
    [InlineData("ssn: 109996000", "SSN:109996000")]
    [InlineData("SSN 109.99.6000.", "SSN:109.99.6000")]
    [InlineData("\"ssn\":\"109996000\"", "SSN:109996000")]
    public void A_social_security_number_in_another_grouping_is_found_with_its_word(string text, string expected) => Assert.Equal([expected], Find(text));

    [Theory]
    [InlineData("id 109996000")]
    [InlineData("109 99 6000 12 14")]
    [InlineData("12 109 99 6000")]
    [InlineData("109-99.6000")]
    [InlineData("1109-99-6000")]
    [InlineData("109-99-6000-1")]
    public void Without_its_word_or_its_shape_it_is_not(string text) => Assert.DoesNotContain(Find(text), found => found.StartsWith("SSN", StringComparison.Ordinal));

    [Property]
    public Property Every_issuable_number_with_hyphens_is_found() =>
        Prop.ForAll(
            (from area in Gen.Choose(1, 899) from @group in Gen.Choose(1, 99) from serial in Gen.Choose(1, 9999) select (area, @group, serial)).ToArbitrary(),
            ssn => ssn.area == 666 || Find($"it is {ssn.area:D3}-{ssn.@group:D2}-{ssn.serial:D4}.").Contains($"SSN:{ssn.area:D3}-{ssn.@group:D2}-{ssn.serial:D4}"));

    [Theory]
    [InlineData("34", 15)]
    [InlineData("37", 15)]
    [InlineData("4", 13)]
    [InlineData("4", 16)]
    [InlineData("4", 19)]
    [InlineData("55", 16)]
    [InlineData("2720", 16)]
    [InlineData("6011", 16)]
    [InlineData("6221", 17)]
    [InlineData("3528", 16)]
    [InlineData("36", 14)]
    [InlineData("6759", 18)]
    [InlineData("1800", 15)]
    public void A_card_of_each_issuer_is_found_and_with_a_wrong_check_digit_is_not(string prefix, int length)
    {
        var card = WithLuhn(prefix.PadRight(length - 1, '7'));
        Assert.Equal([$"CREDIT_CARD:{card}"], Find($"paid {card}!"));
        var wrong = card[..^1] + (char)((card[^1] - '0' + 1) % 10 + '0');
        Assert.DoesNotContain(Find($"paid {wrong}!"), found => found.StartsWith("CREDIT", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("3782 822463 10005")]
    [InlineData("3056 930902 5904")]
    [InlineData("4111 1111 1111 1111")]
    [InlineData("4111.1111.1111.1111")]
    public void A_card_in_its_usual_groups_is_found(string card) => Assert.Equal([$"CREDIT_CARD:{card}"], Find($"x {card} y"));

    [Theory]
    [InlineData("+1 415-666-7777")]
    [InlineData("+44 (0)20 7123 4567")]
    [InlineData("+49 30 1234567")]
    [InlineData("+41 (0)38 549 02 90")]
    [InlineData("+33612345678")]
    [InlineData("+55 11 98456 5666")]
    [InlineData("001-490-155-3846")]
    [InlineData("415-666-7777")]
    [InlineData("(415)555-0132")]
    [InlineData("415-666-7777 ext. 503")]
    [InlineData("415-666-7777x12")]
    [InlineData("1 (312) 515-2239")]
    [InlineData("0487 23 46 71")]
    [InlineData("06-24312407")]
    [InlineData("(03) 5327 5996")]
    [InlineData("0 (532) 1234567")]
    [InlineData("01.84.17.61.18")]
    [InlineData("09171234567")]
    public void A_telephone_number_that_stands_alone_is_found_whole(string number) => Assert.Equal([$"PHONE:{number}"], Find($"it is {number}, ok"));

    [Theory]
    [InlineData("Phone: 60-56-85-91", "PHONE:60-56-85-91")]
    [InlineData("they are not answering at 9747 6578", "PHONE:9747 6578")]
    [InlineData("{\"mobile\":\"5321234567\"}", "PHONE:5321234567")]
    [InlineData("781 1704 office", "PHONE:781 1704")]
    public void Other_groupings_need_a_word(string text, string expected)
    {
        Assert.Equal([expected], Find(text));
        Assert.Empty(Find($"it has {expected[6..]} of them"));
    }

    [Theory]
    [InlineData("+1 234 567")]
    [InlineData("+999 1234567890")]
    [InlineData("650+253+1234")]
    [InlineData("650x2531234")]
    [InlineData("in office (1979-81, 1983-92)")]
    [InlineData("mobile phones in the 2022-23 season")]
    [InlineData("/uploads/2015/01/phone.png")]
    [InlineData("call code 18-5-1-12-9-20-25")]
    [InlineData("10 20 30 415 666 7777 40 50")]
    public void Numbers_that_no_plan_has_are_left_alone(string text) => Assert.Empty(Find(text));

    [Theory]
    [InlineData("10.0.0.1", "IP_ADDRESS:10.0.0.1")]
    [InlineData("from 192.168.1.1:8080", "IP_ADDRESS:192.168.1.1")]
    [InlineData("http://10.20.30.40/x", "IP_ADDRESS:10.20.30.40")]
    [InlineData("0.0.0.0/0", "IP_ADDRESS:0.0.0.0")]
    [InlineData("::ffff:192.0.2.1", "IP_ADDRESS:::ffff:192.0.2.1")]
    [InlineData("[2001:db8::1]:8080", "IP_ADDRESS:2001:db8::1")]
    [InlineData("fe80::1%eth0", "IP_ADDRESS:fe80::1%eth0")]
    [InlineData("connecting from ::1", "IP_ADDRESS:::1")]
    [InlineData("2001:db8:85a3:0:0:8a2e:370:7334", "IP_ADDRESS:2001:db8:85a3:0:0:8a2e:370:7334")]
    [InlineData("64:ff9b::192.0.2.1", "IP_ADDRESS:64:ff9b::192.0.2.1")]
    public void Addresses_of_both_families_are_found(string text, string expected) => Assert.Equal([expected], Find(text));

    [Theory]
    [InlineData("256.1.1.1")]
    [InlineData("1.2.3.04")]
    [InlineData("text192.168.1.1")]
    [InlineData("2001::db8::1")]
    [InlineData("12345:db8::1")]
    [InlineData("fe80::1text")]
    [InlineData("::ffff:256.0.0.1")]
    [InlineData("684D:1111:222:3333:4444:5555:77")]
    public void What_is_no_address_is_none(string text) => Assert.Empty(Find(text));

    [Theory]
    [InlineData("routing 121042882", "US_BANK_ROUTING:121042882")]
    [InlineData("121042882", "US_BANK_ROUTING:121042882")]
    [InlineData("0711-0130-7", "US_BANK_ROUTING:0711-0130-7")]
    [InlineData("bank account number 945456787654", "US_BANK_ACCOUNT:945456787654")]
    [InlineData("passport A12803456", "US_PASSPORT:A12803456")]
    [InlineData("my travel document is 912803456", "US_PASSPORT:912803456")]
    [InlineData("driver's license number is U62928788557186", "US_DRIVER_LICENSE:U62928788557186")]
    [InlineData("driver's license number is 6940579", "US_DRIVER_LICENSE:6940579")]
    public void Documents_and_accounts_are_found_by_check_digit_or_word(string text, string expected) => Assert.Equal([expected], Find(text));

    [Theory]
    [InlineData("routing 121042883")]
    [InlineData("row 121042882 of the table")]
    [InlineData("A12803456")]
    [InlineData("U62928788557186")]
    [InlineData("945456787654")]
    public void Without_them_they_are_not(string text) => Assert.Empty(Find(text));

    [Theory]
    [InlineData("lookup_123-45-6789")]
    [InlineData("card_4111111111111111_visa")]
    public void A_number_joined_to_a_name_is_still_found(string text)
        => Assert.Single(Find(text));
}
