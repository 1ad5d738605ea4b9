using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Server.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Identity;

/// <summary>What holds where somebody else changes a user at the same moment, or who asked does not wait.</summary>
public sealed class ChangedMeanwhileTests
{
    private const string Mail = "bob@example.org";

    [Fact]
    public async Task A_password_that_was_changed_while_its_owner_signed_in_signs_nobody_in_and_is_on_record()
    {
        await using var server = await SignInServer.StartAsync(customize: WatchedUsers.Put);
        await server.UserAsync(Mail, Roles.Developer);
        Users(server).BeforeUpdate = async (users, user) =>
        {
            var now = (await users.FindAsync(user.Id, default))!;
            var hash = server.Get<BcryptPasswordHasher>().HashPassword(now, "a quiet harbour at dusk");
            await users.UpdateAsync(now with { PasswordHash = hash, PasswordChangedAt = TimeProvider.System.GetUtcNow() }, default);
        };

        var (status, body) = await server.LoginAsync(Mail);

        Assert.Equal((409, Codes.AccountChanged), (status, body["code"]!.GetValue<string>()));
        Assert.Contains(await server.Gateway.ActsAsync(), act => act is { Action: "auth.sign-in", Code: Codes.AccountChanged });
    }

    [Fact]
    public async Task An_act_that_did_not_come_about_is_on_record_as_that_too()
    {
        await using var server = await SignInServer.StartAsync(customize: WatchedUsers.Put);
        await server.UserAsync(Mail, Roles.Developer);
        var token = await server.TokenAsync(Mail);

        // Somebody else was first: it is known that nothing was done.
        Users(server).BeforeUpdate = async (users, user) => await users.UpdateAsync((await users.FindAsync(user.Id, default))! with { Name = "Bobby" }, default);
        Assert.Equal(409, (await server.PostAsync("/api/auth/enable-2fa", null, token)).Status);
        Assert.Equal([("auth.factor-begun", "totp", null), ("auth.factor-begun", "failed", Codes.FactorConflict)], await LastAsync(server, 2));

        // The store failed: whether it was done is known to nobody, and the log says no more than that.
        Users(server).BeforeUpdate = (_, _) => throw new IOException("the disk is full");
        Assert.Equal(503, (await server.PostAsync("/api/auth/enable-2fa", null, token)).Status);
        Assert.Equal([("auth.factor-begun", "totp", null), ("auth.factor-begun", "not known to be done", Codes.ActNotDone)], await LastAsync(server, 2));

        // So it is with signing in.
        Users(server).BeforeUpdate = (_, _) => throw new IOException("the disk is full");
        Assert.Equal(503, (await server.LoginAsync(Mail)).Status);
        Assert.Equal([("auth.sign-in", "password", null), ("auth.sign-in", "not known to be done", Codes.ActNotDone)], await LastAsync(server, 2));

        // And with what succeeded nothing is added.
        Assert.Equal(200, (await server.LoginAsync(Mail)).Status);
        Assert.Equal([("auth.sign-in", "not known to be done", Codes.ActNotDone), ("auth.sign-in", "password", null)], await LastAsync(server, 2));
    }

    private static async Task<(string?, string?, string?)[]> LastAsync(SignInServer server, int count)
        => [.. (await server.LogAsync("default")).TakeLast(count).Select(entry => (entry.Action, entry.Detail, entry.Code))];

    [Fact]
    public async Task Another_hash_of_the_same_password_is_no_other_password()
    {
        await using var server = await SignInServer.StartAsync(customize: WatchedUsers.Put);
        await server.UserAsync(Mail, Roles.Developer);
        Users(server).BeforeUpdate = async (users, user) =>
        {
            var now = (await users.FindAsync(user.Id, default))!;
            await users.UpdateAsync(now with { PasswordHash = server.Get<BcryptPasswordHasher>().HashPassword(now, SignInServer.Password) }, default);
        };

        Assert.Equal(200, (await server.LoginAsync(Mail)).Status);
    }

    [Fact]
    public async Task A_change_that_came_second_puts_on_record_what_it_really_changed()
    {
        await using var server = await SignInServer.StartAsync(customize: WatchedUsers.Put);
        var admin = server.Gateway.Client(await server.TokenAsync());
        using (admin)
        {
            var user = await server.UserAsync(Mail, Roles.Viewer);
            Users(server).BeforeUpdate = async (users, changed) => await users.UpdateAsync((await users.FindAsync(changed.Id, default))! with { Role = Roles.Developer }, default);
            Assert.Equal(200, (await admin.AskAsync("PATCH", $"/api/users/{user.Id}", """{"role":"auditor","name":"Bob"}""")).Status);
        }

        var acts = (await server.Gateway.ActsAsync()).Where(act => act.Action is "user.role-changed" or "user.profile-changed").Select(act => act.Detail).ToArray();
        Assert.Contains("viewer to auditor", acts);
        Assert.Contains("developer to auditor", acts);
        Assert.Equal(3, acts.Length);
    }

    [Fact]
    public async Task Sessions_end_with_the_password_although_who_set_it_hangs_up()
    {
        var requests = new Requests();
        await using var server = await SignInServer.StartAsync(customize: builder =>
        {
            WatchedUsers.Put(builder);
            builder.Services.AddSingleton<IStartupFilter>(requests);
        });
        using var admin = server.Gateway.Client(await server.TokenAsync());
        var user = await server.UserAsync(Mail, Roles.Developer);
        var (session, _) = await server.Gateway.SignInAsync(user);
        using var hangUp = new CancellationTokenSource();
        Users(server).BeforeUpdate = async (_, _) =>
        {
            await hangUp.CancelAsync();
            await requests.Aborted.Task.WaitAsync(TimeSpan.FromSeconds(30));
        };

        using var content = new StringContent("""{"password":"a quiet harbour at dusk"}""", System.Text.Encoding.UTF8, "application/json");
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => admin.PatchAsync($"/api/users/{user.Id}", content, hangUp.Token));
        await requests.Done.Task.WaitAsync(TimeSpan.FromSeconds(30));

        var now = await server.Get<ISignInSessionStore>().FindAsync(session.Id, default);
        Assert.Equal(SignInEndings.PasswordChanged, now!.RevokedFor);
    }

    private static WatchedUsers Users(SignInServer server) => (WatchedUsers)server.Get<IUserDirectory>();

    /// <summary>Says when the server saw that a change of a user was given up, and when it was through with it.</summary>
    private sealed class Requests : IStartupFilter
    {
        public TaskCompletionSource Aborted { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use(async (HttpContext context, RequestDelegate go) =>
            {
                if (!HttpMethods.IsPatch(context.Request.Method))
                {
                    await go(context);
                    return;
                }

                context.RequestAborted.Register(() => Aborted.TrySetResult());
                try
                {
                    await go(context);
                }
                finally
                {
                    Done.TrySetResult();
                }
            });
            next(app);
        };
    }
}
