// The framework has a type of the same name in a namespace that is imported everywhere.
global using JsonContent = AgentGate.Content.JsonContent;
