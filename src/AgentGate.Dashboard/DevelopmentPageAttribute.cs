namespace AgentGate.Dashboard;

/// <summary>Marks a page of the development environment: in any other the host answers that there is no such route.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class DevelopmentPageAttribute : Attribute;
