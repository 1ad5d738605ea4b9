using System.Text;
using AgentGate.Audit;
using Microsoft.Extensions.DependencyInjection;

namespace AgentGate.Integration.Tests.Clients;

public sealed class CancellationTests(ClientServer server) : IClassFixture<ClientServer>
{
    public static TheoryData<string> All => Routes.All;

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_caller_that_goes_away_ends_the_providers_work_and_is_on_record(string route)
    {
        var (client, _) = server.Connect(route, retries: 0);
        var before = await CancelledAsync();
        using var goesAway = new CancellationTokenSource();
        var question = Question.Of("/slow 40\n/say " + string.Concat(Enumerable.Repeat("one two three four five six seven ", 200)));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => client.AskAsync(question, stream: true, _ => goesAway.Cancel(), goesAway.Token));

        // Unaborted the stream would take 50 seconds.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await CancelledAsync() == before)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    private async Task<int> CancelledAsync()
    {
        var entries = await server.Server.App.Services.GetRequiredService<IAuditLog>().ReadAsync(
            new AuditQuery { Tenant = "default", Limit = AuditQuery.MaxLimit }, CancellationToken.None);
        return entries.Count(entry => Encoding.UTF8.GetString(entry.Canonical.Span).Contains("\"cancelled\"", StringComparison.Ordinal));
    }
}
