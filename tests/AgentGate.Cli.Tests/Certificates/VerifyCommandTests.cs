using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AgentGate.Kernel.Certificates;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Signing;
using AgentGate.Kernel.Tests.Admissibility;
using AgentGate.Kernel.Tests.Certificates;
using AgentGate.Kernel.Transparency;

namespace AgentGate.Cli.Tests.Certificates;

public sealed class VerifyCommandTests : IDisposable
{
    private static readonly Decided Example = Decided.Of();

    private readonly Scratch _scratch = new();

    [Fact]
    public void A_valid_certificate_is_explained_step_by_step_and_ends_with_0()
    {
        var (exit, text, error) = Cli.Run("", "verify", Certificate(), "--bundle", Bundle(), "--keys", Keys());

        Assert.Equal((ExitCode.Ok, ""), (exit, error));
        foreach (var step in VerificationSteps.All)
        {
            Assert.Contains($" {step} ", text, StringComparison.Ordinal);
        }

        Assert.Contains("predicates  re-derived: AuthValid holds", text, StringComparison.Ordinal);
        Assert.Contains("attested    admissibility: allow", text, StringComparison.Ordinal);
        Assert.EndsWith("\nvalid\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bundle_alone_is_enough_in_either_place_and_from_the_standard_input()
    {
        Assert.Equal(ExitCode.Ok, Cli.Run("", "verify", "--bundle", Bundle(), "--keys", Keys()).Exit);
        Assert.Equal(ExitCode.Ok, Cli.Run("", "verify", Bundle(), "--keys", Keys()).Exit);
        Assert.Equal(ExitCode.Ok, Cli.Run(Encoding.UTF8.GetString(Example.Bundle), "verify", "-", "--keys", Keys()).Exit);
    }

    [Fact]
    public void Without_a_bundle_the_answer_says_what_it_is_worth()
    {
        var (exit, text, _) = Cli.Run("", "verify", Certificate(), "--keys", Keys());

        Assert.Equal(ExitCode.Ok, exit);
        Assert.Contains("stated, not re-derived", text, StringComparison.Ordinal);
        Assert.EndsWith("valid, without a bundle: neither re-executed nor found in the log\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_only_says_that_the_evidence_was_erased_does_not_end_with_0()
    {
        // What somebody would do who holds a bundle that does not verify.
        var bundle = JsonNode.Parse(Example.Bundle)!.AsObject();
        bundle.Remove("alpha");
        bundle["erased"] = true;
        var file = _scratch.File("erased.json", bundle.ToJsonString());

        var (exit, text, _) = Cli.Run("", "verify", "--bundle", file, "--keys", Keys());
        Assert.Equal(ExitCode.NotReExecuted, exit);
        Assert.Contains("erased", text, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, Cli.Run("", "verify", "--bundle", file, "--keys", Keys(), "--allow-erased").Exit);
    }

    [Fact]
    public void A_safety_node_without_policies_to_trust_does_not_start()
    {
        var (exit, _, error) = Cli.Run("", "node", "run", "--node-id", "node-1", "--key", _scratch.Path("node.key"), "--listen", "127.0.0.1:0");

        Assert.Equal(ExitCode.Unusable, exit);
        Assert.Contains("--trust-policy-hash", error, StringComparison.Ordinal);
        Assert.False(File.Exists(_scratch.Path("node.key")));
    }

    [Fact]
    public void Without_keys_nothing_is_valid_and_the_way_out_is_named()
    {
        var (exit, text, _) = Cli.Run("", "verify", Bundle());

        Assert.Equal(ExitCode.Finding, exit);
        Assert.Contains("--keys", text, StringComparison.Ordinal);
        Assert.EndsWith("NOT VALID\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_bundle_ends_with_1_and_names_the_step()
    {
        var other = Encoding.UTF8.GetString(Example.Bundle).Replace("\"action\":\"read\"", "\"action\":\"send\"", StringComparison.Ordinal);

        var (exit, text, _) = Cli.Run("", "verify", _scratch.File("other.json", other), "--keys", Keys());

        Assert.Equal(ExitCode.Finding, exit);
        Assert.Contains("FAILED  evidence", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_says_the_same_to_programs()
    {
        var (exit, text, _) = Cli.Run("", "verify", Bundle(), "--keys", Keys(), "--json");

        using var document = JsonDocument.Parse(text);
        var root = document.RootElement;
        Assert.Equal(ExitCode.Ok, exit);
        Assert.True(root.GetProperty("valid").GetBoolean());
        Assert.True(root.GetProperty("re_executed").GetBoolean());
        Assert.Equal(VerificationSteps.All, root.GetProperty("steps").EnumerateArray().Select(static step => step.GetProperty("name").GetString()));
        Assert.Equal("ADMISSIBLE", root.GetProperty("stated").GetProperty("result").GetString());
        Assert.Equal("admissibility", root.GetProperty("attested")[0].GetProperty("guard").GetString());
    }

    [Theory]
    [InlineData("2026-01-31T09:30:01Z", ExitCode.Ok)]
    [InlineData("2026-01-31T10:30:01Z", ExitCode.Finding)]
    [InlineData("now", ExitCode.Finding)]
    [InlineData("yesterday", ExitCode.Unusable)]
    public void A_moment_of_use_is_asked_for(string at, int expected)
        => Assert.Equal(expected, Cli.Run("", "verify", Bundle(), "--keys", Keys(), "--at", at).Exit);

    [Fact]
    public void Witnesses_are_demanded_by_a_file()
    {
        using var key = SigningKey.Create(SignatureAlgorithm.Ed25519, new byte[32]);
        var vkey = NoteKey.ForWitness("witness.example", key.PublicKey).ToString();
        var policy = _scratch.File("policy.json", JsonSerializer.Serialize(new { quorum = 1, witnesses = new[] { vkey } }));

        var (exit, text, _) = Cli.Run("", "verify", Bundle(), "--keys", Keys(), "--witness-policy", policy);

        Assert.Equal(ExitCode.Finding, exit);
        Assert.Contains("0 of 1 witnesses cosigned", text, StringComparison.Ordinal);
        foreach (var bad in new[] { "{}", "{\"quorum\":2,\"witnesses\":[\"" + vkey + "\"]}", "[1]", "{\"quorum\":1,\"witnesses\":[7]}" })
        {
            Assert.Equal(ExitCode.Unusable, Cli.Run("", "verify", Bundle(), "--witness-policy", _scratch.File("bad.json", bad)).Exit);
        }
    }

    [Fact]
    public void What_cannot_be_read_ends_with_2()
    {
        Assert.Equal(ExitCode.Unusable, Cli.Run("", "verify").Exit);
        Assert.Equal(ExitCode.Unusable, Cli.Run("", "verify", _scratch.Path("absent.json")).Exit);
        Assert.Equal(ExitCode.Unusable, Cli.Run("", "verify", Certificate(), "--bundle", _scratch.File("empty.json", "")).Exit);
        Assert.Equal(ExitCode.Finding, Cli.Run("", "verify", _scratch.File("text.json", "no certificate")).Exit);
    }

    [Fact]
    public void Help_says_what_is_needed_and_what_the_exit_means()
    {
        var (exit, text, _) = Cli.Run("", "verify", "--help");

        Assert.Equal(ExitCode.Ok, exit);
        foreach (var word in new[] { "--bundle", "--keys", "--at", "--witness-policy", "--json", "Exit 0", "attested", "re-derived" })
        {
            Assert.Contains(word, text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_a_certificate_holds_cannot_steer_the_terminal()
    {
        var (alpha, knowledge) = (Requests.Of(), Requests.Knowing(Decided.PermitAll));
        var hostile = Decided.Stating(alpha, knowledge) with { Verdicts = [new VerdictRecord("g\u001b[2J\u202e", "allow", null, false, false, [], TimeSpan.Zero)] };

        var (exit, text, _) = Cli.Run("", "verify", _scratch.File("hostile.json", Encoding.UTF8.GetString(Decided.Of(hostile, knowledge).Bundle)), "--keys", Keys());

        Assert.Equal(ExitCode.Ok, exit);
        Assert.DoesNotContain('\u001b', text);
        Assert.DoesNotContain('\u202e', text);
        Assert.Contains("g?[2J?", text, StringComparison.Ordinal);
    }

    public void Dispose() => _scratch.Dispose();

    private string Certificate() => _scratch.File("certificate.json", Encoding.UTF8.GetString(Example.Certificate));

    private string Bundle() => _scratch.File("bundle.json", Encoding.UTF8.GetString(Example.Bundle));

    private string Keys() => _scratch.File("keys.json", Encoding.UTF8.GetString(VerifierKeys.Write(Decided.Keys.Keys)));
}
