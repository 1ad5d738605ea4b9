using System.Diagnostics;
using System.Text.Json.Nodes;
using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Server.Identity;

namespace AgentGate.Integration.Tests.Identity;

/// <summary>
/// Passwords that cost what they cost: limits stand before them, nobody else waits for them, and the clock does not tell who is there. Alone on
/// the machine, because time is what is looked at; nothing here depends on how fast that machine is.
/// </summary>
[Collection("Alone")]
public sealed class RealCostTests(ITestOutputHelper output)
{
    private const int Flood = 1_000;
    private const int Samples = 20;

    [Fact]
    public async Task Thousands_of_tries_get_a_few_dozen_hashes_of_the_real_cost_and_nobody_else_waits_for_them()
    {
        await using var server = await SignInServer.StartAsync(new Dictionary<string, string?>
        {
            ["AgentGate:Passwords:Cost"] = "12", ["AgentGate:Passwords:Parallel"] = "1", ["AgentGate:Passwords:WaitingMax"] = "10",
            ["AgentGate:SignIn:AddressTriesPerMinute"] = "6", ["AgentGate:SignIn:AddressTriesPerHour"] = "6", ["AgentGate:SignIn:LockAfter"] = "6",
        });
        var queue = server.Get<PasswordQueue>();
        var before = queue.Hashed;
        var signingIn = Stopwatch.StartNew();
        var token = await server.TokenAsync();
        signingIn.Stop();
        var captchas = new List<string>();
        for (var i = 0; i < 8; i++)
        {
            captchas.Add(await server.CaptchaAsync());
        }

        // Many addresses against one account; one address against many accounts; and many against many, which no limit but the line knows.
        (string Name, int Tries, Func<int, Task<(int, JsonNode)>> Try)[] waves =
        [
            ("one account", Flood, i => server.LoginAsync("target@example.org", "wrong wrong wrong", address: Address(i), captcha: i < captchas.Count ? captchas[i] : null)),
            ("one address", Flood, i => server.LoginAsync($"one{i}@example.org", "wrong wrong wrong", address: $"2001:db8:1:2::{i:x}")),
            ("many", Flood / 8, i => server.LoginAsync($"many{i}@example.org", "wrong wrong wrong", address: Address(Flood + i))),
        ];
        var others = new List<TimeSpan>();
        foreach (var (name, tries, one) in waves)
        {
            var (hashed, watch) = (queue.Hashed, Stopwatch.StartNew());
            var flood = FloodAsync(tries, one);

            // Who is signed in works on for as long as the flood lasts.
            var answered = 0;
            for (; answered == 0 || !flood.IsCompleted; await Task.WhenAny(flood, Task.Delay(10)))
            {
                var asked = Stopwatch.StartNew();
                Assert.Equal(200, (await server.SendAsync(HttpMethod.Get, "/api/auth/me", token: token)).Status);
                others.Add(asked.Elapsed);
                answered++;
            }

            var results = await flood;
            output.WriteLine($"{name}: {tries} tries, {queue.Hashed - hashed} hashes, {answered} requests of others, {watch.Elapsed.TotalSeconds:f1} s");
            Assert.Equal(queue.Hashed - hashed, results.Count(result => result == (401, Codes.SignInRefused)));
            Assert.Equal(tries, results.Count(result => result.Status is 401 or 400 or 403 or 429));
            Assert.InRange(queue.Hashed - hashed, 1, name == "many" ? tries / 3 : 6);
        }

        // And who comes with the right password is let in, as soon as the line is short again.
        Assert.Equal(200, (await server.LoginAsync(address: "192.0.2.1")).Status);

        var middle = others.Order().ElementAt(others.Count / 2);
        output.WriteLine($"{queue.Hashed - before} hashes in all; a sign-in takes {signingIn.Elapsed.TotalMilliseconds:f0} ms, the middle request of others {middle.TotalMilliseconds:f1} ms");
        Assert.True(middle < signingIn.Elapsed, "others wait for passwords");
    }

    [Fact]
    public async Task Neither_the_clock_nor_the_count_of_hashes_tells_what_is_behind_an_address()
    {
        await using var server = await SignInServer.StartAsync(new Dictionary<string, string?> { ["AgentGate:Passwords:Cost"] = "10" });
        var queue = server.Get<PasswordQueue>();

        // Each try is for an account of its own, so that no limit has a say.
        var hash = (await server.UserAsync("pattern@example.org", Roles.Viewer)).PasswordHash;
        var users = server.Get<IUserDirectory>();

        // Of before the cost was raised: this hash alone takes an eighth of the time.
        var older = new BcryptPasswordHasher(server.Get<IIdentityKey>(), Microsoft.Extensions.Options.Options.Create(new PasswordOptions { Cost = 7 }))
            .HashPassword((await users.FindByEmailAsync("pattern@example.org", default))!, SignInServer.Password);
        for (var i = 0; i < Samples; i++)
        {
            foreach (var (kind, password, active) in new[] { ("known", hash, true), ("disabled", hash, false), ("passwordless", null, true), ("older", older, true) })
            {
                var user = new User
                {
                    Id = $"user_{kind}{i}", Tenant = "default", Email = $"{kind}{i}@example.org", Name = "Somebody", Role = Roles.Viewer, CreatedAt = TimeProvider.System.GetUtcNow(),
                    PasswordHash = password, IsActive = active,
                };
                Assert.True(await users.AddAsync(user, onlyIfFirst: false, default));
            }
        }

        string[] kinds = ["unknown", "known", "disabled", "passwordless", "older"];
        var times = kinds.ToDictionary(kind => kind, _ => new List<double>());
        await server.LoginAsync("warm@example.org", "wrong wrong wrong");
        for (var i = 0; i < Samples; i++)
        {
            // In turn, and each time in another order: what the machine does beside it falls on all alike.
            for (var turn = 0; turn < kinds.Length; turn++)
            {
                var kind = kinds[(turn + i) % kinds.Length];
                var (hashed, asked) = (queue.Hashed, Stopwatch.StartNew());
                var (status, body) = await server.LoginAsync($"{kind}{i}@example.org", "wrong wrong wrong", address: $"10.{turn}.0.{i + 1}");
                times[kind].Add(asked.Elapsed.TotalMilliseconds);
                Assert.Equal((401, Codes.SignInRefused), (status, body["code"]!.GetValue<string>()));
                Assert.Equal(1, queue.Hashed - hashed);
            }
        }

        var unknown = times["unknown"];
        foreach (var kind in kinds)
        {
            output.WriteLine($"{kind}: median {Quantile(times[kind], 0.5):f2} ms, middle half {Spread(times[kind]):f2} ms wide, z {RankSum(unknown, times[kind]):f2} against unknown");
            Assert.False(Differ(unknown, times[kind]), $"{kind}: {Quantile(times[kind], 0.5)} ms, unknown: {Quantile(unknown, 0.5)} ms, z {RankSum(unknown, times[kind])}");
        }

        // The measure would see a path that takes a little more or less than any other.
        Assert.True(Differ(unknown, [.. unknown.Select(time => time + (2 * Spread(unknown)))]));
        Assert.True(Differ(unknown, [.. unknown.Select(time => time * 0.1)]));
    }

    private static string Address(int i) => $"10.{i >> 16}.{(i >> 8) & 255}.{i & 255}";

    private static async Task<List<(int Status, string Code)>> FloodAsync(int tries, Func<int, Task<(int Status, JsonNode Body)>> one)
    {
        var results = new (int, string)[tries];
        await Parallel.ForAsync(0, tries, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            var (status, body) = await one(i);
            results[i] = (status, body["code"]?.GetValue<string>() ?? "");
        });
        return [.. results];
    }

    /// <summary>Whether two samples are of different things: their ranks could hardly be by chance (z of 4), and their medians are further apart than one of them is wide.</summary>
    private static bool Differ(List<double> one, List<double> other)
        => Math.Abs(RankSum(one, other)) >= 4 && Math.Abs(Quantile(one, 0.5) - Quantile(other, 0.5)) > Math.Min(Spread(one), Spread(other));

    /// <summary>The statistic of Mann and Whitney, as a z.</summary>
    private static double RankSum(List<double> one, List<double> other)
    {
        var larger = one.Sum(a => other.Sum(b => b > a ? 1 : b == a ? 0.5 : 0));
        var (n, m) = (one.Count, other.Count);
        return (larger - (n * m / 2.0)) / Math.Sqrt(n * m * (n + m + 1) / 12.0);
    }

    private static double Spread(List<double> sample) => Quantile(sample, 0.75) - Quantile(sample, 0.25);

    private static double Quantile(List<double> sample, double part) => sample.Order().ElementAt((int)(part * (sample.Count - 1)));
}

/// <summary>Tests beside which no other runs.</summary>
[CollectionDefinition("Alone", DisableParallelization = true)]
public sealed class AloneCollection;
