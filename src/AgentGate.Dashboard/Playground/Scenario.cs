namespace AgentGate.Dashboard.Playground;

/// <summary>Something to try with one click.</summary>
/// <param name="Id">Its name in the address of the page.</param>
/// <param name="Title">What it is.</param>
/// <param name="Message">What is sent.</param>
/// <param name="Expect">What the gate does about it.</param>
/// <param name="Times">How often it is sent.</param>
internal sealed record Scenario(string Id, string Title, string Message, string Expect, int Times = 1)
{
    /// <summary>The scenarios, in the order of the README.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("ssn", "Social security no.", "My SSN is 123-45-6789", "leaves as <SSN_1>"),
        new("email", "E-mail address", "Email: ceo@company.com", "leaves as <EMAIL_1>"),
        new("card", "Credit card", "Card: 4111-1111-1111-1111", "leaves as <CREDIT_CARD_1>"),
        new("sql", "SQL injection", "'; DROP TABLE users; --", "blocked"),
        new("shell", "Shell injection", "rm -rf / --no-preserve-root", "blocked"),
        new("xss", "Cross-site scripting", "<script>alert(document.cookie)</script>", "blocked"),
        new("burst", "25 rapid messages", "Hello again", "throttled", Times: 25),
        new("benign", "Harmless text", "I have a cat | issue #42", "passes"),
    ];

    /// <summary>The scenario of a name, or <see langword="null"/>.</summary>
    public static Scenario? Find(string? id) => All.FirstOrDefault(scenario => scenario.Id == id);
}
