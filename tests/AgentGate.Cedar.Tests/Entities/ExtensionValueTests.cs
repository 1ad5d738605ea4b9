using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Tests.Entities;

public sealed class ExtensionValueTests
{
    [Theory]
    [InlineData("0.0", 0)]
    [InlineData("-0.0", 0)]
    [InlineData("1.2", 12000)]
    [InlineData("00001.2300", 12300)]
    [InlineData("-0.5", -5000)]
    [InlineData("123.4567", 1234567)]
    [InlineData("922337203685477.5807", long.MaxValue)]
    [InlineData("-922337203685477.5808", long.MinValue)]
    public void A_decimal_is_read_in_ten_thousandths(string text, long units)
    {
        Assert.True(CedarDecimal.TryParse(text, out var value));
        Assert.Equal(units, value.Units);
        Assert.True(CedarDecimal.TryParse(value.ToArgument(), out var again));
        Assert.Equal(value, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.")]
    [InlineData(".1")]
    [InlineData("-.1")]
    [InlineData("+1.0")]
    [InlineData(" 1.0")]
    [InlineData("1.0\n")]
    [InlineData("1.00000")]
    [InlineData("--1.0")]
    [InlineData("1.-1")]
    [InlineData("1e1.0")]
    [InlineData("1.2.3")]
    [InlineData("922337203685477.5808")]
    [InlineData("-922337203685477.5809")]
    [InlineData("99999999999999999999999999.0")]
    [InlineData("\u0661.0")]
    public void What_is_no_decimal_is_refused(string text) => Assert.False(CedarDecimal.TryParse(text, out _));

    [Theory]
    [InlineData("1ms", 1)]
    [InlineData("-1ms", -1)]
    [InlineData("0d", 0)]
    [InlineData("-0s", 0)]
    [InlineData("1d2h3m4s5ms", 93784005)]
    [InlineData("1m5ms", 60005)]
    [InlineData("60s", 60000)]
    [InlineData("9223372036854775807ms", long.MaxValue)]
    [InlineData("-9223372036854775808ms", long.MinValue)]
    public void A_duration_is_read_in_milliseconds(string text, long milliseconds)
    {
        Assert.True(CedarDuration.TryParse(text, out var value));
        Assert.Equal(milliseconds, value.Milliseconds);
        Assert.True(CedarDuration.TryParse(value.ToArgument(), out var again));
        Assert.Equal(value, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("1")]
    [InlineData("d")]
    [InlineData("1h1d")]
    [InlineData("1d1d")]
    [InlineData("1 d")]
    [InlineData("1d ")]
    [InlineData("+1d")]
    [InlineData("1.5h")]
    [InlineData("1d-2h")]
    [InlineData("1D")]
    [InlineData("9223372036854775808ms")]
    [InlineData("-9223372036854775809ms")]
    [InlineData("106751991168d")]
    [InlineData("99999999999999999999999ms")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(CedarDuration.TryParse(text, out _));

    [Theory]
    [InlineData("1970-01-01", 0)]
    [InlineData("1970-01-01T00:00:00.001Z", 1)]
    [InlineData("1969-12-31T23:59:59.999Z", -1)]
    [InlineData("2024-10-15", 1728950400000)]
    [InlineData("2024-10-15T11:38:02Z", 1728992282000)]
    [InlineData("2024-10-15T11:38:02.101Z", 1728992282101)]
    [InlineData("2024-10-15T11:38:02.101-1134", 1729033922101)]
    [InlineData("2024-10-15T11:38:02+1134", 1728950642000)]
    [InlineData("0000-01-01", -62167219200000)]
    [InlineData("9999-12-31T23:59:59.999-2359", 253402387139999)]
    [InlineData("2024-02-29", 1709164800000)]
    [InlineData("2000-02-29", 951782400000)]
    public void A_datetime_is_read_in_milliseconds(string text, long milliseconds)
    {
        Assert.True(CedarDatetime.TryParse(text, out var value));
        Assert.Equal(milliseconds, value.Milliseconds);
    }

    [Theory]
    [InlineData("")]
    [InlineData("2024")]
    [InlineData("2024-10-15T")]
    [InlineData("2024-1-15")]
    [InlineData("2023-02-29")]
    [InlineData("1900-02-29")]
    [InlineData("2024-13-01")]
    [InlineData("2024-00-01")]
    [InlineData("2024-04-31")]
    [InlineData("2024-10-15Z")]
    [InlineData("2024-10-15T11:38:02")]
    [InlineData("2024-10-15T24:00:00Z")]
    [InlineData("2024-10-15T11:60:00Z")]
    [InlineData("2024-10-15T11:38:60Z")]
    [InlineData("2024-10-15T11:38:02.1Z")]
    [InlineData("2024-10-15T11:38:02.1010Z")]
    [InlineData("2024-10-15T11:38:02+2400")]
    [InlineData("2024-10-15T11:38:02+0060")]
    [InlineData("2024-10-15T11:38:02+01:00")]
    [InlineData("2024-10-15T11:38:02Z ")]
    [InlineData("2024-10-15t11:38:02z")]
    [InlineData("-024-10-15")]
    public void What_is_no_datetime_is_refused(string text) => Assert.False(CedarDatetime.TryParse(text, out _));

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("1.2.3.4/32", "1.2.3.4")]
    [InlineData("::1", "::1")]
    [InlineData("::", "::")]
    [InlineData("::/0", "::/0")]
    [InlineData("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8")]
    [InlineData("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0")]
    [InlineData("2001:DB8::/32", "2001:db8::/32")]
    [InlineData("ffee::11", "ffee::11")]
    [InlineData("1:0:0:2:0:0:0:3", "1:0:0:2::3")]
    [InlineData("::ffff:102:304", "::ffff:102:304")]
    public void An_address_is_read_and_written(string text, string written)
    {
        Assert.True(CedarIpAddress.TryParse(text, out var value));
        Assert.Equal(written, value.ToArgument());
        Assert.True(CedarIpAddress.TryParse(written, out var again));
        Assert.Equal(value, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/8")]
    [InlineData("10.0.0.01")]
    [InlineData("10.0.0")]
    [InlineData("10.0.0.0.0")]
    [InlineData("256.0.0.0")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("2130706433")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/08")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/+8")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("::/129")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("1:2:3:4:5:6:7:8::")]
    [InlineData("1::2::3")]
    [InlineData(":::")]
    [InlineData(":1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("12345::")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[::1]")]
    [InlineData(" 1.2.3.4")]
    [InlineData("0000:0000:0000:0000:0000:0000:0000:0001/1280")]
    public void What_is_no_address_is_refused(string text) => Assert.False(CedarIpAddress.TryParse(text, out _));

    [Theory]
    [InlineData("10.1.2.3", "10.0.0.0/8", true)]
    [InlineData("10.1.2.3/8", "10.0.0.0/8", true)]
    [InlineData("10.0.0.0/7", "10.0.0.0/8", false)]
    [InlineData("1.2.3.4", "0.0.0.0/0", true)]
    [InlineData("1.2.3.4", "::/0", false)]
    [InlineData("::1", "::/0", true)]
    [InlineData("2001:db8::5", "2001:db8::/32", true)]
    [InlineData("2001:db9::5", "2001:db8::/32", false)]
    [InlineData("::1", "::1", true)]
    public void A_range_contains_what_lies_wholly_inside(string address, string range, bool expected)
        => Assert.Equal(expected, Ip(address).IsInRange(Ip(range)));

    [Theory]
    [InlineData("127.0.0.1", true, false)]
    [InlineData("127.1.2.3/8", true, false)]
    [InlineData("127.0.0.1/7", false, false)]
    [InlineData("::1", true, false)]
    [InlineData("::1/127", false, false)]
    [InlineData("224.0.0.1", false, true)]
    [InlineData("239.255.255.255/4", false, true)]
    [InlineData("224.0.0.1/3", false, false)]
    [InlineData("ff02::1", false, true)]
    [InlineData("ff02::1/7", false, false)]
    public void Loopback_and_multicast_hold_for_the_whole_range(string address, bool loopback, bool multicast)
    {
        Assert.Equal(loopback, Ip(address).IsLoopback);
        Assert.Equal(multicast, Ip(address).IsMulticast);
    }

    private static CedarIpAddress Ip(string text) => CedarIpAddress.TryParse(text, out var value) ? value : throw new FormatException(text);
}
