using AgentGate.Identity;
using AgentGate.Server.Identity;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using PasswordOptions = AgentGate.Server.Identity.PasswordOptions;

namespace AgentGate.Integration.Tests.Identity;

/// <summary>How passwords are hashed, and which are taken.</summary>
public sealed class PasswordTests
{
    private static readonly User s_user = new()
    {
        Id = "user_1", Tenant = "a", Email = "annabel@example.org", Name = "Annabel", Role = Roles.Viewer, CreatedAt = DateTimeOffset.UnixEpoch,
    };

    private static BcryptPasswordHasher Hasher(int cost = 4, byte key = 1) => new(new FixedIdentityKey(Enumerable.Repeat(key, 32).ToArray()), Options.Create(new PasswordOptions { Cost = cost }));

    [Fact]
    public void A_password_fits_its_hash_and_no_other_does_however_long_they_are()
    {
        var hasher = Hasher();
        var longer = new string('ä', 200);
        foreach (var password in (string[])["violet teapot", longer, "🫖🫖🫖🫖"])
        {
            var hash = hasher.HashPassword(s_user, password);
            Assert.Equal(PasswordVerificationResult.Success, hasher.VerifyHashedPassword(s_user, hash, password));
            Assert.Equal(PasswordVerificationResult.Failed, hasher.VerifyHashedPassword(s_user, hash, password + "x"));
            Assert.NotEqual(hash, hasher.HashPassword(s_user, password));
        }

        // bcrypt alone would take these for one.
        Assert.Equal(PasswordVerificationResult.Failed, hasher.VerifyHashedPassword(s_user, hasher.HashPassword(s_user, longer + "a"), longer + "b"));
    }

    [Fact]
    public void Hashes_alone_are_worth_nothing_without_the_key_of_the_server()
        => Assert.Equal(PasswordVerificationResult.Failed, Hasher(key: 2).VerifyHashedPassword(s_user, Hasher(key: 1).HashPassword(s_user, "violet teapot"), "violet teapot"));

    [Fact]
    public void A_hash_of_less_cost_or_of_the_old_form_is_to_be_replaced()
    {
        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, Hasher(cost: 5).VerifyHashedPassword(s_user, Hasher(cost: 4).HashPassword(s_user, "x"), "x"));
        Assert.Equal(PasswordVerificationResult.Success, Hasher(cost: 4).VerifyHashedPassword(s_user, Hasher(cost: 5).HashPassword(s_user, "x"), "x"));
        Assert.Equal(PasswordVerificationResult.SuccessRehashNeeded, Hasher().VerifyHashedPassword(s_user, BCrypt.Net.BCrypt.HashPassword("old", 4), "old"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("$2")]
    [InlineData("$ag1")]
    [InlineData("$ag1$2b$04$short")]
    [InlineData("nonsense")]
    public void What_is_no_hash_fits_nothing(string hash)
        => Assert.Equal(PasswordVerificationResult.Failed, Hasher().VerifyHashedPassword(s_user, hash, "x"));

    [Fact]
    public void The_hash_of_nobody_is_a_hash_of_the_cost_of_all_and_fits_nothing()
    {
        var hasher = Hasher(cost: 6);
        Assert.Equal(hasher.HashPassword(s_user, "x").Length, hasher.NobodysHash.Length);
        Assert.StartsWith("$ag1$2b$06$", hasher.NobodysHash, StringComparison.Ordinal);
        Assert.Equal(PasswordVerificationResult.Failed, hasher.VerifyHashedPassword(s_user, hasher.NobodysHash, "x"));

        // It is computed like any other: the library takes it apart and does not refuse it.
        Assert.False(BCrypt.Net.BCrypt.Verify("x", hasher.NobodysHash[4..]));
    }

    [Theory]
    [InlineData("short pass")]
    [InlineData("password1234")]
    [InlineData("Password12345!")]
    [InlineData("P@ssw0rd12345")]
    [InlineData("qwertyuiop12")]
    [InlineData("123456789012")]
    [InlineData("qwertyuiopasdf")]
    [InlineData("aaaaaaaaaaaaaa")]
    [InlineData("abcabcabcabcabc")]
    [InlineData("adminadmin123")]
    [InlineData("letmein12345")]
    [InlineData("iloveyou2026")]
    [InlineData("Welcome2026!!")]
    [InlineData("annabel@example.org")]
    [InlineData("my annabel secret")]
    [InlineData("listed by the operator")]
    public void A_password_that_is_short_common_or_the_address_is_refused(string password)
    {
        using var file = new CommonFile("Listed By The Operator");
        Assert.NotNull(Rules(file.Path).Fault(s_user, password));
    }

    [Theory]
    [InlineData("violet teapot ascends quietly")]
    [InlineData("listed by the operator")]
    [InlineData("k7#Qz!m2Lp9x")]
    [InlineData("korrekt pferd batterie heftklammer")]
    [InlineData("синий чайник на северном полюсе")]
    public void Any_other_is_taken_without_rules_about_signs(string password) => Assert.Null(Rules(null).Fault(s_user, password));

    [Fact]
    public void The_longest_password_is_judged_in_no_time()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        foreach (var text in (string[])["p@$$w0rd1!", "ab", "19871231", "é"])
        {
            Rules(null).Fault(s_user, string.Concat(Enumerable.Repeat(text, 256))[..BcryptPasswordHasher.LengthMax]);
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(20), watch.Elapsed.ToString());
    }

    private static PasswordRules Rules(string? file)
    {
        var options = Options.Create(new PasswordOptions { CommonFile = file });
        return new PasswordRules(options, new KnownPasswords(options));
    }

    private sealed class CommonFile : IDisposable
    {
        public CommonFile(params string[] lines) => File.WriteAllLines(Path, lines);

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
