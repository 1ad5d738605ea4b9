namespace AgentGate.Dashboard;

/// <summary>Marks a page for who is not signed in. The host's table of anonymous routes has to name it as well.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OpenPageAttribute : Attribute;
