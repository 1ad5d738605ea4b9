using AgentGate.Guardrails;
using AgentGate.Pipeline;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace AgentGate.Integration.Tests.Guardrails;

public sealed class GuardrailRegistrationTests
{
    [Fact]
    public async Task The_watching_guard_is_asked_only_where_something_watches()
    {
        await using var without = Services(options => options.Sets.Add(GuardrailSet.Parse("""[{"tool":"*","cooldown":"1m"}]""")));
        await using var with = Services(options => options.Sets.Add(GuardrailSet.Parse("""{"mode":"shadow","policies":[{"tool":"*","cooldown":"1m"}]}""")));
        Assert.Contains("Guardrails", Names(without));
        Assert.DoesNotContain("GuardrailsShadow", Names(without));
        Assert.Equal(["Tools", "Guardrails", "GuardrailsShadow", "Limits"], Names(with).SkipWhile(name => name != "Tools").Take(4));
    }

    [Fact]
    public async Task A_guardrail_that_is_not_as_it_must_be_stops_the_gate_with_every_fault()
    {
        await using var services = Services(options =>
        {
            var set = new GuardrailSet { Id = "a b" };
            set.Rules.Add(new GuardrailRule { Tool = "x" });
            options.Sets.Add(set);
            options.Files.Add("/nowhere/guardrails.json");
        });
        var told = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<Gate>()).Failures;
        Assert.Collection(
            told,
            fault => Assert.Contains("/nowhere/guardrails.json cannot be read", fault, StringComparison.Ordinal),
            fault => Assert.Contains("AgentGate:Guardrails:Sets:0:id must", fault, StringComparison.Ordinal),
            fault => Assert.Contains("AgentGate:Guardrails:Sets:0:policies:0:max_calls", fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_file_is_read()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, """{"policy_id":"file","policies":[{"tool":"*","cooldown":"1m"}]}""", TestContext.Current.CancellationToken);
            await using var services = Services(options => options.Files.Add(file));
            Assert.Equal("file", Assert.Single(services.GetRequiredService<GuardrailUnits>().Sets).Id);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static ServiceProvider Services(Action<GuardrailsOptions> configure)
        => new ServiceCollection().AddAgentGateGuardrails(configure).BuildServiceProvider();

    private static IEnumerable<string> Names(IServiceProvider services) => services.GetRequiredService<Gate>().RequestGuards.Select(guard => guard.Name);
}
