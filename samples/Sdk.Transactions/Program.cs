using AgentGate.Pipeline;
using AgentGate.Policies;
using AgentGate.Storage;
using AgentGate.Transactions;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Sdk.Transactions;

// With a file, what a crash leaves is rolled back by the next start: dotnet run --project samples/Sdk.Transactions -- trip.db
var services = new ServiceCollection().AddLogging();
if (args is [var path])
{
    services.AddEmbeddedStorage(path);
}

services.AddAgentGate();
services.Configure<PolicyOptions>(policies => policies.UseShippedDefault = true);
services.Configure<TransactionsOptions>(transactions => transactions.RolledBack = report =>
    Console.WriteLine($"   report: {string.Join(", ", report.Steps.Select(step => $"{step.Tool} {step.Ending}"))}"));

await using var provider = services.BuildServiceProvider();
foreach (var storage in provider.GetServices<IStorageInitializer>())
{
    await storage.InitializeAsync(CancellationToken.None);
}

var (gate, travel) = (provider.GetRequiredService<Gate>(), new Travel());

// 1. What undoes a tool is declared with it.
var bookFlight = gate.Govern(AIFunctionFactory.Create(travel.BookFlight, "book_flight"), options =>
    options.Compensation = new Compensation(
        "cancel_flight",
        async (step, stop) => await travel.CancelAsync(step.ReadOutput<string>(), step.IdempotencyKey, stop))
    {
        IsIdempotent = true,
        Effects = ["delete"],
    });

// 2. Or afterwards, in one place, also with a function of your own.
var bookHotel = gate.Govern(AIFunctionFactory.Create(travel.BookHotel, "book_hotel"));
gate.Compensate("book_hotel", Compensation.By(
    AIFunctionFactory.Create(travel.CancelAsync, "cancel_hotel"),
    step => new AIFunctionArguments { ["booking"] = step.ReadOutput<string>(), ["key"] = step.IdempotencyKey }));

// 3. A tool that needs no undoing says so.
var chargeCard = gate.Govern(AIFunctionFactory.Create(travel.ChargeCard, "charge_card"), options =>
    options.Compensation = Compensation.Nothing);

// 4. At the start, when the compensations are known: roll back what a crash left.
foreach (var report in await gate.ResumeTransactionsAsync())
{
    Console.WriteLine($"{report.TransactionId}: {(report.IsComplete ? "undone" : "look at it")}");
}

Console.WriteLine("A trip that cannot be paid:");
try
{
    await gate.InTransactionAsync(
        async transaction =>
        {
            await bookFlight.InvokeAsync(new() { ["to"] = "Lisbon" });
            await bookHotel.InvokeAsync(new() { ["city"] = "Lisbon" });
            await chargeCard.InvokeAsync(new() { ["amount"] = 900 });
        },
        "book-trip");
}
catch (TransactionFailedException failed)
{
    foreach (var step in failed.Report.Steps.Where(step => !step.IsUndone))
    {
        Console.WriteLine($"{step.Tool} is left: {step.Reason}");
    }

    Console.WriteLine($"   because: {failed.InnerException!.Message}");
}

Console.WriteLine("A part that is given up alone:");
await using (var trip = gate.BeginTransaction("trip"))
{
    await bookFlight.InvokeAsync(new() { ["to"] = "Porto" });
    await using (var night = gate.BeginTransaction("night"))
    {
        await bookHotel.InvokeAsync(new() { ["city"] = "Porto" });
        await night.RollbackAsync(); // the hotel; the flight stays
    }

    await trip.CommitAsync();
}
