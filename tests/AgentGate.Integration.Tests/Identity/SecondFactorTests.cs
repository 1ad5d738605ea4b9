using System.Text.Json;
using AgentGate.Identity;
using static AgentGate.Integration.Tests.Identity.FactorServer;

namespace AgentGate.Integration.Tests.Identity;

public sealed class SecondFactorTests
{
    private const string Mail = "ada@example.org";

    [Fact]
    public async Task A_second_factor_is_enabled_by_its_first_code_and_shown_without_its_secret()
    {
        await using var server = await StartAsync();
        await server.AddUserAsync(Mail);
        using var http = await server.SignInAsync(Mail);

        var (_, before) = await GetAsync(http, "/api/auth/mfa/status");
        var (status, begun) = await PostAsync(http, "/api/auth/enable-2fa", null);
        var (_, pending) = await GetAsync(http, "/api/auth/mfa/status");

        Assert.False(before.GetProperty("enabled").GetBoolean());
        Assert.Equal(200, status);
        Assert.Matches("^[A-Z2-7]{32}$", begun.GetProperty("secret").GetString());
        Assert.StartsWith("data:image/png;base64,iVBOR", begun.GetProperty("qr_code").GetString(), StringComparison.Ordinal);
        var codes = begun.GetProperty("backup_codes").EnumerateArray().Select(code => code.GetString()!).ToArray();
        Assert.Equal(10, codes.Distinct().Count());
        Assert.All(codes.Index(), code => Assert.Matches($"^{code.Index}-[A-HJ-NP-Z2-9]{{4}}-[A-HJ-NP-Z2-9]{{4}}$", code.Item));
        Assert.False(pending.GetProperty("enabled").GetBoolean());
        Assert.True(pending.GetProperty("pending").GetBoolean());

        var secret = OtpNet.Base32Encoding.ToBytes(begun.GetProperty("secret").GetString());
        var (wrong, problem) = await PostAsync(http, "/api/auth/verify-2fa", new { code = "000000" == server.Code(secret) ? "000001" : "000000" });
        Assert.Equal((400, "AG6305"), (wrong, CodeOf(problem)));
        Assert.Equal(200, (await PostAsync(http, "/api/auth/verify-2fa", new { code = server.Code(secret) })).Status);

        var (_, after) = await GetAsync(http, "/api/auth/mfa/status");
        Assert.True(after.GetProperty("enabled").GetBoolean());
        Assert.Equal("totp", after.GetProperty("method").GetString());
        Assert.Equal(10, after.GetProperty("backup_codes_remaining").GetInt32());
        Assert.DoesNotContain(begun.GetProperty("secret").GetString()!, after.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_enrolment_that_was_given_up_can_begin_again_and_the_secret_before_is_good_no_more()
    {
        await using var server = await StartAsync();
        await server.AddUserAsync(Mail);
        using var http = await server.SignInAsync(Mail);
        var (_, first) = await PostAsync(http, "/api/auth/enable-2fa", null);
        var (status, second) = await PostAsync(http, "/api/auth/mfa/enable", null);

        Assert.Equal(200, status);
        var (old, now) = (Secret(first), Secret(second));
        Assert.Equal(400, (await PostAsync(http, "/api/auth/verify-2fa", new { code = server.Code(old) })).Status);
        var (taken, enabled) = await PostAsync(http, "/api/auth/verify-2fa", new { code = server.Code(now) });
        Assert.Equal(200, taken);
        With(http, enabled.GetProperty("access_token").GetString()!);
        Assert.Equal(409, (await PostAsync(http, "/api/auth/enable-2fa", null)).Status);
        Assert.Equal(409, (await PostAsync(http, "/api/auth/verify-2fa", new { code = server.Code(now, 1) })).Status);
    }

    [Fact]
    public async Task Signing_in_takes_a_code_once_and_one_step_early_or_late()
    {
        await using var server = await StartAsync(("AgentGate:SignIn:CaptchaAfter", "50"), ("AgentGate:SignIn:LockAfter", "50"));
        await server.AddUserAsync(Mail);
        using var http = await server.SignInAsync(Mail);
        var (secret, _) = await server.EnrolAsync(http);
        using var other = server.Anonymous();

        var (status, needed) = await PostAsync(other, "/api/auth/login", new { email = Mail, password = Password });
        Assert.Equal(200, status);
        Assert.True(needed.GetProperty("mfa_required").GetBoolean());
        Assert.False(needed.TryGetProperty("access_token", out _));

        server.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(401, await LoginAsync(other, server.Code(secret, -2)));
        Assert.Equal(401, await LoginAsync(other, server.Code(secret, 2)));
        Assert.Equal(200, await LoginAsync(other, server.Code(secret, -1)));
        Assert.Equal(401, await LoginAsync(other, server.Code(secret, -1)));
        Assert.Equal(200, await LoginAsync(other, server.Code(secret)));
        Assert.Equal(200, await LoginAsync(other, server.Code(secret, 1)));

        // An earlier step is used up with a later one.
        Assert.Equal(401, await LoginAsync(other, server.Code(secret)));
        Assert.Equal(401, await LoginAsync(other, "12345"));
        Assert.Equal(401, await LoginAsync(other, "not a code"));
    }

    [Fact]
    public async Task Of_many_that_show_the_same_code_at_once_one_is_let_in()
    {
        await using var server = await StartAsync(("AgentGate:SignIn:CaptchaAfter", "50"), ("AgentGate:SignIn:LockAfter", "50"));
        await server.AddUserAsync(Mail);
        using var http = await server.SignInAsync(Mail);
        var (secret, codes) = await server.EnrolAsync(http);
        using var other = server.Anonymous();
        var code = server.Code(secret);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => LoginAsync(other, code)));
        Assert.Equal(1, answers.Count(answer => answer == 200));

        server.Time.Advance(TimeSpan.FromMinutes(20));
        answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ => (await PostAsync(other, "/api/auth/login", new { email = Mail, password = Password, backup_code = codes[3] })).Status));
        Assert.Equal(1, answers.Count(answer => answer == 200));
    }

    [Fact]
    public async Task A_backup_code_is_good_once_however_it_is_written_and_for_its_owner_alone()
    {
        await using var server = await StartAsync(("AgentGate:SignIn:CaptchaAfter", "50"), ("AgentGate:SignIn:LockAfter", "50"));
        await server.AddUserAsync(Mail);
        await server.AddUserAsync("bob@example.org");
        using var http = await server.SignInAsync(Mail);
        using var bob = await server.SignInAsync("bob@example.org");
        var (_, codes) = await server.EnrolAsync(http);
        await server.EnrolAsync(bob);
        using var other = server.Anonymous();

        async Task<int> WithAsync(string mail, string code) => (await PostAsync(other, "/api/auth/login", new { email = mail, password = Password, backup_code = code })).Status;

        Assert.Equal(401, await WithAsync("bob@example.org", codes[0]));
        Assert.Equal(200, await WithAsync(Mail, "  " + codes[0].ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal) + "\t"));
        Assert.Equal(401, await WithAsync(Mail, codes[0]));
        Assert.Equal(200, await WithAsync(Mail, codes[9]));
        Assert.Equal(401, await WithAsync(Mail, "5" + codes[4][1..]));
        Assert.Equal(401, await WithAsync(Mail, new string('4', 5000)));
        var (_, state) = await GetAsync(http, "/api/auth/mfa/status");
        Assert.Equal(8, state.GetProperty("backup_codes_remaining").GetInt32());

        var (status, fresh) = await PostAsync(http, "/api/auth/regenerate-backup-codes", new { password = Password });
        Assert.Equal(200, status);
        Assert.Equal(10, fresh.GetProperty("backup_codes").GetArrayLength());
        Assert.Equal(401, await WithAsync(Mail, codes[1]));
        Assert.Equal(200, await WithAsync(Mail, fresh.GetProperty("backup_codes")[1].GetString()!));
    }

    [Fact]
    public async Task Guessing_codes_is_limited_and_a_right_one_does_not_count_after_the_limit()
    {
        await using var server = await StartAsync();
        await server.AddUserAsync(Mail);
        using var http = await server.SignInAsync(Mail);
        var (secret, _) = await server.EnrolAsync(http);

        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(401, (await PostAsync(http, "/api/auth/step-up", new { totp_code = Wrong(server, secret, i) })).Status);
        }

        var (status, problem) = await PostAsync(http, "/api/auth/step-up", new { totp_code = server.Code(secret) });
        Assert.Equal((429, "AG6304"), (status, CodeOf(problem)));

        server.Time.Advance(TimeSpan.FromMinutes(16));
        using var later = await server.SignInAsync(Mail, server.Code(secret));
        Assert.Equal(200, (await GetAsync(later, "/api/auth/mfa/status")).Status);
    }

    [Fact]
    public async Task Disabling_takes_the_password_and_leaves_nothing_behind()
    {
        await using var server = await StartAsync();
        var user = await server.AddUserAsync(Mail);
        using var http = await server.SignInAsync(Mail);
        var (absent, none) = await PostAsync(http, "/api/auth/disable-2fa", new { password = Password });
        Assert.Equal((400, "AG6302"), (absent, CodeOf(none)));
        await server.EnrolAsync(http);

        var (wrong, problem) = await PostAsync(http, "/api/auth/disable-2fa", new { password = "wrong" });
        Assert.Equal((401, "AG6303"), (wrong, CodeOf(problem)));
        Assert.Equal(200, (await PostAsync(http, "/api/auth/disable-2fa", new { password = Password })).Status);

        var stored = await server.Get<IUserDirectory>().FindAsync(user.Id, default);
        Assert.False(stored!.TotpEnabled);
        Assert.True(stored.TotpSecret.IsDefaultOrEmpty);
        Assert.True(stored.BackupCodes.IsDefaultOrEmpty);
        using var again = await server.SignInAsync(Mail);
        Assert.Equal(400, (await PostAsync(again, "/api/auth/regenerate-backup-codes", new { password = Password })).Status);
    }

    [Fact]
    public async Task Neither_the_secret_nor_a_code_lies_in_the_database_as_it_is()
    {
        await using var server = await StartAsync();
        await server.AddUserAsync(Mail);
        using var http = await server.SignInAsync(Mail);
        var (secret, codes) = await server.EnrolAsync(http);

        await using var context = await server.Get<AgentGate.Storage.ITenantContexts>().OpenSystemAsync(default);
        var row = Assert.Single(Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.AsNoTracking(context.Set<AgentGate.Storage.Identity.UserRow>()).Where(r => r.TotpEnabled).ToList());
        Assert.Equal(-1, row.TotpSecret.AsSpan().IndexOf(secret));
        Assert.All(codes, code => Assert.DoesNotContain(code[2..].Replace("-", "", StringComparison.Ordinal), row.BackupCodes, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_session_whose_user_signed_in_long_ago_or_by_password_alone_may_not_touch_the_factor()
    {
        await using var server = await StartAsync();
        await server.AddUserAsync(Mail);
        using var old = await server.SignInAsync(Mail);
        using var http = await server.SignInAsync(Mail);
        await server.EnrolAsync(http);

        // The other session showed a password and nothing else.
        var (status, problem) = await PostAsync(old, "/api/auth/disable-2fa", new { password = Password });
        Assert.Equal((401, "AG6007"), (status, CodeOf(problem)));

        server.Time.Advance(TimeSpan.FromMinutes(11));
        (status, problem) = await PostAsync(http, "/api/auth/regenerate-backup-codes", new { password = Password });
        Assert.Equal((401, "AG6007"), (status, CodeOf(problem)));
    }

    [Fact]
    public async Task A_key_has_no_second_factor()
    {
        await using var server = await StartAsync();

        var (status, problem) = await GetAsync(server.Server.Http, "/api/auth/mfa/status");

        Assert.Equal((403, "AG6006"), (status, CodeOf(problem)));
    }

    private static byte[] Secret(JsonElement begun) => OtpNet.Base32Encoding.ToBytes(begun.GetProperty("secret").GetString());

    private static string Wrong(FactorServer server, byte[] secret, int i)
    {
        var good = Enumerable.Range(-1, 3).Select(step => server.Code(secret, step)).ToArray();
        return Enumerable.Range(i * 10, 10).Select(n => n.ToString("000000", System.Globalization.CultureInfo.InvariantCulture)).First(code => !good.Contains(code));
    }

    private static async Task<int> LoginAsync(HttpClient http, string code)
        => (await PostAsync(http, "/api/auth/login", new { email = Mail, password = Password, totp_code = code })).Status;
}
