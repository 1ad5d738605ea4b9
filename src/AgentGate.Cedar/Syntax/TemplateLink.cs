using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Syntax;

/// <summary>Makes a policy of a template.</summary>
/// <param name="TemplateId">The template.</param>
/// <param name="Id">The id of the linked policy, unique in its set.</param>
/// <param name="Principal">What fills <c>?principal</c>; <see langword="null"/> when the template has no such slot.</param>
/// <param name="Resource">What fills <c>?resource</c>; <see langword="null"/> when the template has no such slot.</param>
public sealed record TemplateLink(string TemplateId, string Id, EntityUid? Principal, EntityUid? Resource);
