using AgentGate.Audit;
using AgentGate.Cli.Database;
using AgentGate.Kernel.Signing;

namespace AgentGate.Cli.Tests.Database;

/// <summary>Which database a command means, and what it must have to say that a log is whole.</summary>
public sealed class DatabaseCommandTests
{
    private const string Url = "postgresql://server:pass@db/agentgate";
    private const string Elsewhere = "postgresql://owner:secret@elsewhere/agentgate";

    [Fact]
    public async Task The_owner_in_the_environment_is_not_that_of_a_database_named_on_the_command_line()
    {
        await using var named = DatabaseCommand.Open(Url, null, "--to", Variables((DatabaseCommand.OwnerName, Elsewhere)));
        Assert.False(named.HasOwnerLogin);

        await using var owned = DatabaseCommand.Open(Url, "postgresql://owner:secret@db/agentgate", "--to", Variables((DatabaseCommand.OwnerName, Elsewhere)));
        Assert.Equal("owner", owned.OwnerUser);

        await using var both = DatabaseCommand.Open(
            null, null, "--to", Variables((DatabaseCommand.UrlName, Url), (DatabaseCommand.OwnerName, "postgresql://owner:secret@db/agentgate")));
        Assert.Equal("owner", both.OwnerUser);
    }

    [Fact]
    public void Two_databases_are_refused_under_the_names_they_were_given_with()
    {
        var environment = Assert.Throws<InvalidOperationException>(
            () => DatabaseCommand.Open(null, null, "--to", Variables((DatabaseCommand.UrlName, Url), (DatabaseCommand.OwnerName, Elsewhere))));
        Assert.StartsWith("AG7010: DATABASE_URL and DATABASE_OWNER_URL", environment.Message, StringComparison.Ordinal);

        var (exit, _, error) = Cli.Run("", "db", "migrate", "--database", Url, "--owner", Elsewhere);
        Assert.Equal(ExitCode.Unusable, exit);
        Assert.Contains("AG7010: --database and --owner", error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_without_its_keys_is_not_copied_unless_that_is_said()
    {
        using var scratch = new Scratch();
        var file = scratch.File("agentgate.db", "");

        var (exit, _, error) = Cli.Run("", "db", "copy", "--from", file, "--to", "postgresql://nobody@127.0.0.1:1/none");
        Assert.Equal(ExitCode.Unusable, exit);
        Assert.Contains("AG7021", error, StringComparison.Ordinal);
        Assert.Contains("log.key", error, StringComparison.Ordinal);
        Assert.Contains("signing.keys", error, StringComparison.Ordinal);
        Assert.Contains("--without-keys", error, StringComparison.Ordinal);

        // It gets further: to the file, which is empty.
        Assert.Contains("is not a database of AgentGate", Cli.Run("", "db", "copy", "--from", file, "--to", "postgresql://nobody@127.0.0.1:1/none", "--without-keys").Error, StringComparison.Ordinal);
    }

    [Fact]
    public void One_key_alone_is_not_enough()
    {
        using var scratch = new Scratch();
        using var source = SourceFile.Open(scratch.File("agentgate.db", ""));

        var refused = Assert.Throws<UnusableInputException>(() => source.Material(withoutKeys: false, Variables((FileLogKeySource.EnvironmentName, Secret(1)))));
        Assert.DoesNotContain("log.key", refused.Message, StringComparison.Ordinal);
        Assert.Contains("signing.keys", refused.Message, StringComparison.Ordinal);
        Assert.Null(source.Material(withoutKeys: true, Variables()).ChainKeys);
    }

    [Fact]
    public void Keys_of_the_environment_are_taken()
    {
        using var scratch = new Scratch();
        using var source = SourceFile.Open(scratch.File("agentgate.db", ""));

        var material = source.Material(
            withoutKeys: false,
            Variables((FileLogKeySource.EnvironmentName, Secret(1)), (FileSigningKeys.EnvironmentName, Secret(2)), ("AgentGate__Signing__Name", "agentgate-test")));

        Assert.NotNull(material.ChainKeys);
        using var key = SigningKey.Create(SignatureAlgorithm.Ed25519, Convert.FromBase64String(Secret(2)));
        Assert.Equal(key.PublicKey.Id, Assert.Single(material.SigningKeys).Id);
        Assert.True(material.KnowsNoteKeys);
    }

    private static string Secret(byte fill) => Convert.ToBase64String(Enumerable.Repeat(fill, 32).ToArray());

    private static Func<string, string?> Variables(params (string Name, string Value)[] set)
        => name => set.FirstOrDefault(variable => variable.Name == name).Value;
}
