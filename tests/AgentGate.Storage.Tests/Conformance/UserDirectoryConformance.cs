using System.Collections.Immutable;
using AgentGate.Identity;

namespace AgentGate.Storage.Tests.Conformance;

/// <summary>What every <see cref="IUserDirectory"/> must do.</summary>
public abstract class UserDirectoryConformance : IAsyncDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 2, 3, 4, 5, 678, TimeSpan.Zero);

    private protected abstract Task<IUserDirectory> CreateAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task A_user_reads_back_whole_by_id_and_by_address_in_any_case()
    {
        var store = await CreateAsync();
        var user = User(1) with
        {
            Email = "Ann@Example.org", Name = "Ånn O'Neil", Role = Roles.Auditor, Source = UserSources.Oidc, PasswordHash = "$ag1$2b$12$x", MustChangePassword = true,
            PasswordChangedAt = s_start.AddDays(1), TotpSecret = [1, 2, 3], TotpEnabled = true, TotpLastStep = 77, BackupCodes = ["a", null, "c"], LastSignInAt = s_start.AddDays(2),
        };
        Assert.True(await store.AddAsync(user, onlyIfFirst: false, default));

        foreach (var read in new[] { await store.FindAsync(user.Id, default), await store.FindByEmailAsync(" ann@example.ORG ", default), Assert.Single(await store.ListAsync("a", default)) })
        {
            Assert.NotNull(read);
            Assert.Equal<byte>(user.TotpSecret, read.TotpSecret);
            Assert.Equal<string?>(user.BackupCodes, read.BackupCodes);
            Assert.Equal(user with { Version = read.Version, TotpSecret = read.TotpSecret, BackupCodes = read.BackupCodes }, read);
        }
    }

    [Fact]
    public async Task An_address_and_an_id_are_given_once_over_all_tenants()
    {
        var store = await CreateAsync();
        Assert.True(await store.AddAsync(User(1), onlyIfFirst: false, default));

        Assert.False(await store.AddAsync(User(2) with { Email = "U1@EXAMPLE.org", Tenant = "b" }, onlyIfFirst: false, default));
        Assert.False(await store.AddAsync(User(3) with { Id = User(1).Id }, onlyIfFirst: false, default));
        Assert.Equal(1, await store.CountAsync(default));
    }

    [Fact]
    public async Task Of_twenty_first_users_one_is_the_first()
    {
        var store = await CreateAsync();
        Assert.True(await store.AddAsync(User(99) with { Source = UserSources.Development }, onlyIfFirst: false, default));
        var added = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => store.AddAsync(User(i) with { Tenant = i % 2 == 0 ? "a" : "b" }, onlyIfFirst: true, default))));

        Assert.Single(added, true);
        Assert.Equal(1, await store.CountAsync(default));
        Assert.False(await store.AddAsync(User(50), onlyIfFirst: true, default));
    }

    [Fact]
    public async Task A_change_is_stored_if_nobody_changed_the_user_meanwhile()
    {
        var store = await CreateAsync();
        await store.AddAsync(User(1), onlyIfFirst: false, default);
        await store.AddAsync(User(2), onlyIfFirst: false, default);
        var read = (await store.FindAsync(User(1).Id, default))!;

        Assert.Equal(UserChange.Done, await store.UpdateAsync(read with { Name = "New" }, default));
        Assert.Equal(UserChange.Conflict, await store.UpdateAsync(read with { Name = "Newer" }, default));
        var now = (await store.FindAsync(User(1).Id, default))!;
        Assert.Equal(("New", read.Version + 1), (now.Name, now.Version));
        Assert.Equal(UserChange.EmailTaken, await store.UpdateAsync(now with { Email = "u2@example.org" }, default));
        Assert.Equal(UserChange.Done, await store.UpdateAsync(now with { Email = "new@example.org" }, default));
        Assert.Null(await store.FindByEmailAsync("u1@example.org", default));
        Assert.Equal(UserChange.Conflict, await store.UpdateAsync(User(7), default));
    }

    [Fact]
    public async Task A_tenant_keeps_its_last_active_admin()
    {
        var store = await CreateAsync();
        await store.AddAsync(User(1) with { Role = Roles.Admin }, onlyIfFirst: false, default);
        await store.AddAsync(User(2) with { Role = Roles.Admin, Tenant = "b" }, onlyIfFirst: false, default);
        await store.AddAsync(User(3) with { Role = Roles.Admin, Source = UserSources.Development }, onlyIfFirst: false, default);
        await store.AddAsync(User(4) with { Role = Roles.Admin, IsActive = false }, onlyIfFirst: false, default);
        var admin = (await store.FindAsync(User(1).Id, default))!;

        Assert.Equal(UserChange.LastAdmin, await store.UpdateAsync(admin with { Role = Roles.Viewer }, default));
        Assert.Equal(UserChange.LastAdmin, await store.UpdateAsync(admin with { IsActive = false }, default));
        Assert.Equal(UserChange.Done, await store.UpdateAsync(admin with { Name = "Still admin" }, default));
    }

    [Fact]
    public async Task Two_admins_cannot_take_each_other_away_at_once()
    {
        var store = await CreateAsync();
        for (var i = 1; i <= 2; i++)
        {
            await store.AddAsync(User(i) with { Role = Roles.Admin }, onlyIfFirst: false, default);
        }

        var both = await store.ListAsync("a", default);
        var changes = await Task.WhenAll(both.Select(user => Task.Run(() => store.UpdateAsync(user with { Role = Roles.Viewer }, default))));

        Assert.Equal([UserChange.Done, UserChange.LastAdmin], changes.Order());
        Assert.Single(await store.ListAsync("a", default), user => user.Role == Roles.Admin);
    }

    [Fact]
    public async Task A_tenant_lists_its_own_in_the_order_they_were_made()
    {
        var store = await CreateAsync();
        foreach (var i in (int[])[3, 1, 2])
        {
            await store.AddAsync(User(i), onlyIfFirst: false, default);
        }

        await store.AddAsync(User(4) with { Tenant = "b" }, onlyIfFirst: false, default);
        Assert.Equal([User(1).Id, User(2).Id, User(3).Id], (await store.ListAsync("a", default)).Select(user => user.Id));
        Assert.Equal(4, await store.CountAsync(default));
    }

    [Fact]
    public async Task What_nobody_has_is_not_found()
    {
        var store = await CreateAsync();
        Assert.Null(await store.FindAsync("none", default));
        Assert.Null(await store.FindAsync("a\0b", default));
        Assert.Null(await store.FindByEmailAsync("none@example.org", default));
        Assert.Null(await store.FindByEmailAsync("a\0b@example.org", default));
    }

    private static User User(int number) => new()
    {
        Id = $"user_{number:D32}",
        Tenant = "a",
        Email = $"u{number}@example.org",
        Name = $"User {number}",
        Role = Roles.Viewer,
        TotpSecret = ImmutableArray<byte>.Empty,
        CreatedAt = s_start.AddSeconds(number),
    };
}
