using AgentGate.Dashboard.Identity;

namespace AgentGate.Integration.Tests.Identity;

/// <summary>After signing in a browser goes to a page of this server, whatever the link said.</summary>
public sealed class LocalPathTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/keys?state=all")]
    [InlineData("/playground?scenario=ssn")]
    [InlineData("/device?user_code=WDJB-MJHT")]
    public void A_page_of_this_server_stays(string path) => Assert.Equal(path, LocalPath.Of(path));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("keys")]
    [InlineData("//evil.example")]
    [InlineData("///evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("\\\\evil.example")]
    [InlineData("/\t/evil.example")]
    [InlineData("/\n/evil.example")]
    [InlineData(" //evil.example")]
    [InlineData("https://evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/sign-in?return=/sign-in")]
    [InlineData("/sign-out")]
    public void Anything_else_is_the_first_page(string? path) => Assert.Equal("/", LocalPath.Of(path));

    [Fact]
    public void What_is_too_long_is_the_first_page() => Assert.Equal("/", LocalPath.Of("/" + new string('a', 2000)));
}
