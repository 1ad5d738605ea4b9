using AgentGate.Budgets;
using AgentGate.Chat;
using AgentGate.Guardrails;
using AgentGate.Pipeline;
using AgentGate.Policies;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Sdk.Chat;

// The gate, with policies in code: the shipped default, and no tool whose name begins with delete_.
await using var services = new ServiceCollection()
    .AddAgentGate()
    .Configure<PolicyOptions>(policies =>
    {
        policies.UseShippedDefault = true;
        policies.Forbid.Add(new PolicyRule { Action = "callTool", Resource = "delete_*" });
    })
    .Configure<BudgetOptions>(budgets => budgets.Prices["*"] = new PriceOptions { Input = 0, Output = 0 }) // a model without a price is refused
    .AddAgentGateGuardrails(guardrails => guardrails.Sets.Add(GuardrailSet.Parse(
        """
        [{ "tool": "send_email", "max_calls": 5, "window": "1h", "scope": "user" },
         { "tool": "reset_*", "cooldown": "10m" }]
        """)))
    .BuildServiceProvider();

// Two functions of the application behind the gate. The first is internal: it gets real values.
var gate = services.GetRequiredService<Gate>();
var findCustomer = gate.Govern(
    AIFunctionFactory.Create((string ssn) => $"Customer 7 has the number {ssn}.", "find_customer"), options => options.IsInternal = true);
var deleteCustomer = gate.Govern(AIFunctionFactory.Create((int id) => $"Customer {id} is gone.", "delete_customer"));
var resetPassword = gate.Govern(AIFunctionFactory.Create((int id) => $"Customer {id} gets a new password.", "reset_password"));

// The provider's client, here one that shows what reaches it. UseAgentGate() stands last, next to the provider.
var client = new EchoClient().AsBuilder()
    .UseFunctionInvocation()
    .UseAgentGate(options => options.PrincipalId = _ => "agent_sample")
    .Build(services);

Console.WriteLine("1. Personal data leaves as a token and comes back as the value:");
Console.WriteLine($"   {await client.GetResponseAsync("My SSN is 123-45-6789")}");

Console.WriteLine("2. The same while streaming:");
Console.Write("   ");
await foreach (var update in client.GetStreamingResponseAsync("My SSN is 123-45-6789"))
{
    Console.Write(update.Text);
}

Console.WriteLine();
Console.WriteLine("3. An internal tool gets the value, the model sees the token:");
var tools = new ChatOptions { Tools = [findCustomer, deleteCustomer] };
Console.WriteLine($"   {await client.GetResponseAsync("find_customer 123-45-6789", tools)}");

Console.WriteLine("4. A forbidden tool does not run, whoever calls it:");
try
{
    await deleteCustomer.InvokeAsync(new AIFunctionArguments { ["id"] = 7 });
}
catch (AgentGateDeniedException denied)
{
    Console.WriteLine($"   {denied.Message}");
}

Console.WriteLine("5. Every decision carries a proof, and this process can execute it anew:");
await client.GetResponseAsync("Hello");
var proof = await client.VerifyLastCertificateAsync();
Console.WriteLine($"   {client.LastCertificate()!.DecisionId}: {(proof!.Valid ? "valid" : "not valid")}, executed anew: {proof.ReExecuted}");

Console.WriteLine("6. A guardrail remembers: ten minutes after a reset there is no other one:");
Console.WriteLine($"   {await resetPassword.InvokeAsync(new AIFunctionArguments { ["id"] = 7 })}");
try
{
    await resetPassword.InvokeAsync(new AIFunctionArguments { ["id"] = 8 });
}
catch (AgentGateDeniedException denied)
{
    Console.WriteLine($"   {denied.Message} (again after {denied.RetryAfter})");
}
