using AgentGate.Identity;
using AgentGate.Pipeline;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="ISignInSessionStore"/> must do.</summary>
public abstract class SignInSessionStoreConformance : IAsyncDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private protected abstract Task<ISignInSessionStore> CreateAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_session_reads_back_whole_by_id_and_by_secret()
    {
        var store = await CreateAsync();
        var session = Session(1) with { Scopes = ["doors", "trace:read"], Assurance = Assurance.A3 };
        await store.AddAsync(session, default);
        await store.AddAsync(Session(2), default);

        foreach (var read in new[] { await store.FindAsync(session.Id, default), await store.FindBySecretAsync(session.SecretDigest, default) })
        {
            Assert.NotNull(read);
            Assert.Equal<string>(session.Methods, read.Methods);
            Assert.Equal<string>(session.Scopes, read.Scopes);
            Assert.Equal(session with { Methods = read.Methods, Scopes = read.Scopes }, read);
        }

        Assert.True((await store.FindAsync(Session(2).Id, default))!.Scopes.IsDefault);
        Assert.Null(await store.FindAsync("none", default));
        Assert.Null(await store.FindBySecretAsync(Digest(9), default));
    }

    [Fact]
    public async Task A_refresh_token_is_exchanged_once_and_its_reuse_ends_the_session()
    {
        var store = await CreateAsync();
        await store.AddAsync(Session(1), default);

        var (first, rotated) = await store.RotateAsync(Digest(1), Digest(11), s_start.AddSeconds(1), s_start.AddDays(9), default);
        Assert.Equal((RefreshResult.Rotated, Session(1).Id, Digest(11)), (first, rotated!.Id, rotated.SecretDigest));
        var (second, ended) = await store.RotateAsync(Digest(1), Digest(12), s_start.AddSeconds(2), s_start.AddDays(9), default);
        Assert.Equal((RefreshResult.Reused, SignInEndings.Reuse), (second, ended!.RevokedFor));

        // The family is dead, its newest token too.
        Assert.Equal(RefreshResult.Unknown, (await store.RotateAsync(Digest(11), Digest(13), s_start.AddSeconds(3), s_start.AddDays(9), default)).Result);
        Assert.False((await store.FindAsync(Session(1).Id, default))!.IsGood(s_start.AddSeconds(3)));
        Assert.Empty(await store.ListAsync("a", "user_1", s_start.AddSeconds(3), default));
    }

    [Fact]
    public async Task Of_ten_that_show_one_refresh_token_at_once_one_gets_the_next()
    {
        var store = await CreateAsync();
        await store.AddAsync(Session(1), default);
        var results = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() => store.RotateAsync(Digest(1), Digest(20 + i), s_start, s_start.AddDays(9), default))));

        Assert.Single(results, one => one.Result == RefreshResult.Rotated);
        Assert.All(results.Where(one => one.Result != RefreshResult.Rotated), one => Assert.Equal(RefreshResult.Reused, one.Result));
        Assert.Equal(SignInEndings.Reuse, (await store.FindAsync(Session(1).Id, default))!.RevokedFor);
    }

    [Fact]
    public async Task Neither_a_cookie_nor_an_ended_nor_an_expired_session_is_refreshed()
    {
        var store = await CreateAsync();
        await store.AddAsync(Session(1) with { Kind = SignInKinds.Cookie }, default);
        await store.AddAsync(Session(2), default);
        await store.AddAsync(Session(3), default);
        await store.EndAsync("a", "user_2", Session(2).Id, SignInEndings.Revoked, s_start, default);

        Assert.Equal(RefreshResult.Unknown, (await store.RotateAsync(Digest(1), Digest(11), s_start, s_start.AddDays(9), default)).Result);
        Assert.Equal(RefreshResult.Unknown, (await store.RotateAsync(Digest(2), Digest(12), s_start, s_start.AddDays(9), default)).Result);
        Assert.Equal(RefreshResult.Unknown, (await store.RotateAsync(Digest(3), Digest(13), s_start.AddDays(8), s_start.AddDays(9), default)).Result);
    }

    [Fact]
    public async Task A_user_lists_its_own_good_sessions_the_latest_active_first()
    {
        var store = await CreateAsync();
        foreach (var i in (int[])[1, 2, 3, 4])
        {
            await store.AddAsync(Session(i) with { UserId = "user_1", LastActiveAt = s_start.AddSeconds(i) }, default);
        }

        await store.AddAsync(Session(5) with { UserId = "user_1", ExpiresAt = s_start.AddSeconds(1) }, default);
        await store.AddAsync(Session(6), default);
        await store.AddAsync(Session(7) with { UserId = "user_1", Tenant = "b" }, default);
        Assert.True(await store.EndAsync("a", "user_1", Session(2).Id, SignInEndings.Revoked, s_start, default));

        Assert.Equal([Session(4).Id, Session(3).Id, Session(1).Id], (await store.ListAsync("a", "user_1", s_start.AddSeconds(5), default)).Select(one => one.Id));
    }

    [Fact]
    public async Task A_session_is_ended_by_its_own_user_once()
    {
        var store = await CreateAsync();
        await store.AddAsync(Session(1), default);

        Assert.False(await store.EndAsync("a", "user_2", Session(1).Id, SignInEndings.Revoked, s_start, default));
        Assert.False(await store.EndAsync("b", "user_1", Session(1).Id, SignInEndings.Revoked, s_start, default));
        Assert.False(await store.EndAsync("a", "user_1", "a\0b", SignInEndings.Revoked, s_start, default));
        Assert.True(await store.EndAsync("a", "user_1", Session(1).Id, SignInEndings.SignedOut, s_start.AddSeconds(1), default));
        Assert.False(await store.EndAsync("a", "user_1", Session(1).Id, SignInEndings.Revoked, s_start.AddSeconds(2), default));
        var ended = (await store.FindAsync(Session(1).Id, default))!;
        Assert.Equal((SignInEndings.SignedOut, s_start.AddSeconds(1)), (ended.RevokedFor, ended.RevokedAt));
    }

    [Fact]
    public async Task All_but_one_end_together()
    {
        var store = await CreateAsync();
        foreach (var i in (int[])[1, 2, 3])
        {
            await store.AddAsync(Session(i) with { UserId = "user_1" }, default);
        }

        await store.AddAsync(Session(4), default);
        Assert.Equal(2, await store.EndAllAsync("a", "user_1", Session(2).Id, SignInEndings.PasswordChanged, s_start, default));
        Assert.Equal([Session(2).Id], (await store.ListAsync("a", "user_1", s_start, default)).Select(one => one.Id));
        Assert.Equal(1, await store.EndAllAsync("a", "user_1", null, SignInEndings.Disabled, s_start, default));
        Assert.Single(await store.ListAsync("a", "user_4", s_start, default));
    }

    [Fact]
    public async Task A_proof_and_activity_are_noted_and_activity_goes_forward_only()
    {
        var store = await CreateAsync();
        await store.AddAsync(Session(1), default);
        Assert.True(await store.StepUpAsync(
            Session(1) with { Assurance = Assurance.A2, Methods = ["pwd", "otp"], SecretDigest = Digest(21), AuthenticatedAt = s_start.AddMinutes(1) }, Session(1).SecretDigest, default));
        await store.StoreActivityAsync([new(Session(1).Id, s_start.AddMinutes(3)), new("none", s_start)], default);
        await store.StoreActivityAsync([new(Session(1).Id, s_start.AddMinutes(2))], default);

        // The refresh token is what it was: it may have been exchanged meanwhile.
        Assert.Null(await store.FindBySecretAsync(Digest(21), default));
        var read = (await store.FindAsync(Session(1).Id, default))!;
        Assert.Equal((Assurance.A2, s_start.AddMinutes(1), s_start.AddMinutes(3)), (read.Assurance, read.AuthenticatedAt, read.LastActiveAt));
        Assert.Equal(["pwd", "otp"], read.Methods);
        await store.EndAsync("a", "user_1", Session(1).Id, SignInEndings.Revoked, s_start, default);
        Assert.False(await store.StepUpAsync(read, read.SecretDigest, default));
    }

    [Fact]
    public async Task A_cookie_is_replaced_by_one_of_two_proofs_at_once()
    {
        var store = await CreateAsync();
        var former = Session(1) with { Kind = SignInKinds.Cookie };
        await store.AddAsync(former, default);

        Assert.True(await store.StepUpAsync(former with { SecretDigest = Digest(21) }, former.SecretDigest, default));
        Assert.False(await store.StepUpAsync(former with { SecretDigest = Digest(22) }, former.SecretDigest, default));
        Assert.NotNull(await store.FindBySecretAsync(Digest(21), default));
        Assert.Null(await store.FindBySecretAsync(Digest(22), default));
    }

    [Fact]
    public async Task What_ended_long_ago_is_deleted()
    {
        var store = await CreateAsync();
        await store.AddAsync(Session(1), default);
        await store.AddAsync(Session(2), default);
        await store.EndAsync("a", "user_1", Session(1).Id, SignInEndings.Revoked, s_start.AddDays(1), default);
        await store.PurgeAsync(s_start.AddDays(1), default);
        Assert.NotNull(await store.FindAsync(Session(1).Id, default));

        await store.PurgeAsync(s_start.AddDays(2), default);
        Assert.Null(await store.FindAsync(Session(1).Id, default));
        Assert.NotNull(await store.FindAsync(Session(2).Id, default));
    }

    private static string Digest(int number) => number.ToString("x64");

    private static SignInSession Session(int number) => new()
    {
        Id = $"session_{number}",
        Tenant = "a",
        UserId = $"user_{number}",
        Kind = SignInKinds.Token,
        SecretDigest = Digest(number),
        Assurance = Assurance.A1,
        Methods = ["pwd"],
        Origin = new ActOrigin("192.0.2.1", "Browser/1 (äöü)"),
        CreatedAt = s_start,
        AuthenticatedAt = s_start,
        LastActiveAt = s_start,
        ExpiresAt = s_start.AddDays(7),
    };
}
