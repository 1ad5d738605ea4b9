using System.IO.Compression;
using System.Text.Json;

namespace AgentGate.Cli.Tests.Policies;

public sealed class CaseTests : IDisposable
{
    private const string Line = """
        {"id": "one", "policies": "permit(principal, action, resource) when { context.ok };", "schema": "entity U; action a appliesTo {principal: U, resource: U, context: {ok: Bool}};",
         "entities": [], "shouldValidate": VALID, "requests": [
         {"principal": {"type": "U", "id": "u"}, "action": {"type": "Action", "id": "a"}, "resource": {"type": "U", "id": "u"}, "context": {"ok": true}, "validateRequest": true, "decision": "DECISION", "reason": [REASON], "errors": []},
         {"principal": {"type": "U", "id": "u"}, "action": {"type": "Action", "id": "a"}, "resource": {"type": "U", "id": "u"}, "context": {"ok": false}, "validateRequest": true, "decision": "deny", "reason": [], "errors": []}]}
        """;

    private readonly Scratch _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_corpus_that_agrees_ends_with_0()
    {
        var (exit, text, _) = Cli.Run("", "policy", "corpus", Corpus(One()), "--json");

        using var report = JsonDocument.Parse(text);
        Assert.Equal(ExitCode.Ok, exit);
        Assert.Equal((1, 2, 2, 0), (Number("tests"), Number("requests"), Number("agreements"), Number("disagreements")));

        int Number(string name) => report.RootElement.GetProperty(name).GetInt32();
    }

    [Theory]
    [InlineData("decision", 1, "allow", "\"policy0\"", "true", "deny")]
    [InlineData("reasons", 1, "allow", "\"policy0\"", "true", "reason")]
    [InlineData("validation", 2, "allow", "\"policy0\"", "false", "nothing")]
    public void Each_kind_of_disagreement_is_counted_and_ends_with_1(string kind, int agreements, string decision, string reason, string valid, string change)
    {
        var line = One(change == "deny" ? "deny" : decision, change == "reason" ? "" : reason, valid);

        var (exit, text, _) = Cli.Run("", "policy", "corpus", Corpus(line), "--json");

        using var report = JsonDocument.Parse(text);
        Assert.Equal(ExitCode.Finding, exit);
        Assert.Equal(agreements, report.RootElement.GetProperty("agreements").GetInt32());
        var counted = report.RootElement.GetProperty("kinds").GetProperty(kind);
        Assert.Equal((1, "one"), (counted.GetProperty("count").GetInt32(), counted.GetProperty("first")[0].GetProperty("id").GetString()));
        Assert.Equal(1, report.RootElement.GetProperty("disagreements").GetInt32());
    }

    [Fact]
    public void Policies_that_do_not_parse_are_no_agreement()
    {
        var (exit, text, _) = Cli.Run("", "policy", "corpus", Corpus(One().Replace("permit(", "permitt(", StringComparison.Ordinal)));

        Assert.Equal(ExitCode.Finding, exit);
        Assert.Matches(@"agreements +0\n", text);
        Assert.Matches(@"parse +1\n", text);
    }

    [Fact]
    public void A_known_disagreement_is_counted_and_does_not_fail_the_run()
    {
        var corpus = Corpus(One(valid: "false"));
        var known = _scratch.File("known", "# looked into\nvalidation one\nvalidation two\n");
        var other = _scratch.File("other", "decision one\n");

        var accepted = Cli.Run("", "policy", "corpus", corpus, "--known", known);
        var refused = Cli.Run("", "policy", "corpus", corpus, "--known", other);

        Assert.Equal((ExitCode.Ok, ExitCode.Finding), (accepted.Exit, refused.Exit));
        Assert.Contains("1, 1 of them known", accepted.Out, StringComparison.Ordinal);
        Assert.Contains("listed as known, and agrees: validation two", accepted.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_packed_corpus_is_recognised_by_its_first_bytes()
    {
        var path = _scratch.Path("packed");
        using (var packed = new GZipStream(File.Create(path), CompressionMode.Compress))
        {
            packed.Write(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', Enumerable.Repeat(One(), 50))));
        }

        var (exit, text, _) = Cli.Run("", "policy", "corpus", path, "--threads", "3");

        Assert.Equal(ExitCode.Ok, exit);
        Assert.Matches(@"requests +100\nagreements +100\n", text);
    }

    [Fact]
    public void A_line_that_is_no_case_is_named()
    {
        var (exit, _, error) = Cli.Run(One() + "\n\n{\"id\": 1}\n", "policy", "corpus", "-");

        Assert.Equal(ExitCode.Unusable, exit);
        Assert.Contains("line 3 is not a case", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_test_file_finds_its_files_in_the_folders_above_and_says_which_request_fails()
    {
        _scratch.File("data/p.cedar", "permit(principal == U::\"a\", action, resource);");
        _scratch.File("data/e.json", "[]");
        _scratch.File("data/s.cedarschema", "entity U; action a appliesTo {principal: U, resource: U};");
        var test = _scratch.File("tests/deep/t.json", """
            {"policies": "data/p.cedar", "entities": "data/e.json", "schema": "data/s.cedarschema", "shouldValidate": true, "requests": [
              {"description": "a may", "principal": {"type": "U", "id": "a"}, "action": {"type": "Action", "id": "a"}, "resource": {"type": "U", "id": "x"}, "context": {}, "decision": "allow", "reason": ["policy0"], "errors": []},
              {"description": "b may", "principal": {"type": "U", "id": "b"}, "action": {"type": "Action", "id": "a"}, "resource": {"type": "U", "id": "x"}, "context": {}, "decision": "allow", "reason": ["policy0"], "errors": []}]}
            """);

        var (exit, text, _) = Cli.Run("", "policy", "test", test);

        Assert.Equal(ExitCode.Finding, exit);
        Assert.Contains("  pass  a may\n  FAIL  b may\n        decision: on file: Allow; ours: Deny\n", text, StringComparison.Ordinal);
        Assert.EndsWith("1 passed, 1 failed\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_verdict_that_changed_with_the_language_is_named_and_can_be_listed_by_its_reason()
    {
        var corpus = Corpus(One().Replace("permit(principal,", "permit(principal == U::\\\"u\\\",", StringComparison.Ordinal).Replace("principal: U,", "principal: V,", StringComparison.Ordinal)
            .Replace("entity U;", "entity U; entity V;", StringComparison.Ordinal).Replace("\"validateRequest\": true", "\"validateRequest\": false", StringComparison.Ordinal));

        var alone = Cli.Run("", "policy", "corpus", corpus);
        var listed = Cli.Run("", "policy", "corpus", corpus, "--known", _scratch.File("known", "validation since-4.13"));

        Assert.Equal((ExitCode.Finding, ExitCode.Ok), (alone.Exit, listed.Exit));
        Assert.Contains("InvalidActionApplication", alone.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void The_published_corpus_agrees_in_every_decision_reason_error_and_verdict()
    {
        var (exit, text, _) = Cli.Run("", "policy", "corpus", Shared("corpus.jsonl.gz"), "--json");

        using var report = JsonDocument.Parse(text);
        Assert.True(exit == ExitCode.Ok, text);
        Assert.Equal((3_933, 31_464, 31_464, 0), (Number("tests"), Number("requests"), Number("agreements"), Number("disagreements")));

        int Number(string name) => report.RootElement.GetProperty(name).GetInt32();
    }

    [Fact]
    public void The_published_hand_written_tests_pass()
    {
        var (exit, text, _) = Cli.Run("", "policy", "test", Shared("handwritten/tests"), "--json");

        using var report = JsonDocument.Parse(text);
        Assert.True(exit == ExitCode.Ok, text);
        Assert.Equal(74, report.RootElement.GetProperty("passed").GetInt32());
    }

    private static string One(string decision = "allow", string reason = "\"policy0\"", string valid = "true")
        => Line.ReplaceLineEndings("").Replace("DECISION", decision, StringComparison.Ordinal).Replace("REASON", reason, StringComparison.Ordinal).Replace("VALID", valid, StringComparison.Ordinal);

    private static string Shared(string name)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AgentGate.slnx")))
        {
            folder = folder.Parent;
        }

        var path = Path.Combine(Environment.GetEnvironmentVariable("AGENTGATE_SHARED") ?? Path.Combine(folder!.FullName, "..", "shared"), "vectors", "cedar", name);
        if (!File.Exists(path) && !Directory.Exists(path))
        {
            var message = $"SKIPPED FOR LACK OF DATA: {path} is absent; set AGENTGATE_SHARED.";
            Assert.False(string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase), message);
            Assert.Skip(message);
        }

        return path;
    }

    private string Corpus(params string[] lines) => _scratch.File("corpus.jsonl", string.Join('\n', lines));
}
