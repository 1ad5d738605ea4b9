namespace AgentGate.Cli.Tests.Policies;

/// <summary><c>policy import</c>, as a person with a file of 1.0 uses it.</summary>
public sealed class ImportTests
{
    private const string File = """{"pre_rules":[{"type":"permit"},{"type":"ip_deny","cidr":"10.0.0.0/8"},{"type":"nonsense"}]}""";

    [Fact]
    public void The_policies_go_to_the_output_and_what_to_know_about_them_beside_it()
    {
        var (exit, output, error) = Cli.Run(File, "policy", "import", "-");

        Assert.Equal(0, exit);
        Assert.Contains("isInRange(ip(\"10.0.0.0/8\"))", output, StringComparison.Ordinal);
        Assert.Contains("pre_rules[1]: 1 policy", error, StringComparison.Ordinal);
        Assert.Contains("pre_rules[2]: no policy", error, StringComparison.Ordinal);
        Assert.Equal(0, Cli.Run(output, "policy", "format", "-").Exit);
    }

    [Fact]
    public void Json_holds_every_rule_beside_its_policies()
    {
        using var document = System.Text.Json.JsonDocument.Parse(Cli.Run(File, "policy", "import", "-", "--json").Out);

        Assert.Equal("pre_rules", document.RootElement.GetProperty("shape").GetString());
        Assert.Equal(3, document.RootElement.GetProperty("rules").GetArrayLength());
    }

    [Fact]
    public void A_rule_without_an_exact_counterpart_is_named_and_nothing_is_printed()
    {
        var (exit, output, error) = Cli.Run("""{"pre_rules":[{"type":"ip_deny","cidr":"10.0.0.01"}]}""", "policy", "import", "-");

        Assert.Equal((1, ""), (exit, output));
        Assert.Contains("<stdin>: pre_rules[0]: `10.0.0.01` is no address", error, StringComparison.Ordinal);
    }
}
