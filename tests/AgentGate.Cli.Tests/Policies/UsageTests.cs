namespace AgentGate.Cli.Tests.Policies;

public sealed class UsageTests
{
    [Theory]
    [InlineData("check")]
    [InlineData("format")]
    [InlineData("eval")]
    [InlineData("test")]
    [InlineData("corpus")]
    [InlineData("convert")]
    [InlineData("hash")]
    public void Each_command_explains_itself_and_its_exit_codes(string command)
    {
        var (exit, text, error) = Cli.Run("", "policy", command, "--help");

        Assert.Equal(ExitCode.Ok, exit);
        Assert.Contains("Usage:", text, StringComparison.Ordinal);
        Assert.Equal("", error);
    }

    [Theory]
    [InlineData("policy", "nonsense")]
    [InlineData("policy", "check")]
    [InlineData("policy", "check", "does-not-exist.cedar")]
    [InlineData("policy", "check", "no-such-folder/*.cedar")]
    [InlineData("policy", "format", "--write", "-")]
    [InlineData("policy", "format", "--write", "--check", "x")]
    [InlineData("policy", "eval", "--policies", "x", "--principal", "A::\"a\"")]
    [InlineData("policy", "eval", "--policies", "x", "--request", "y", "--context", "{}")]
    [InlineData("policy", "convert", "x")]
    [InlineData("policy", "convert", "x", "--to", "yaml")]
    [InlineData("policy", "corpus", "x", "--threads", "0")]
    [InlineData("policy", "corpus", "does-not-exist.jsonl")]
    public void A_command_line_that_cannot_be_used_ends_with_2_and_says_why(params string[] args)
    {
        var (exit, text, error) = Cli.Run("", args);

        Assert.Equal(ExitCode.Unusable, exit);
        Assert.Equal("", text);
        Assert.StartsWith("agentgate: ", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_utf8_is_named()
    {
        using var scratch = new Scratch();
        var path = scratch.File("a.cedar", "");
        File.WriteAllBytes(path, [0x70, 0xFF, 0xFE]);

        var (exit, _, error) = Cli.Run("", "policy", "check", path);

        Assert.Equal(ExitCode.Unusable, exit);
        Assert.Equal($"agentgate: {path} is not UTF-8 text\n", error);
    }
}
