using System.Text;
using System.Text.Json;
using AgentGate.Cedar.Formatting;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Policies.Import;

/// <summary>A rule of the file.</summary>
/// <param name="Source">Where it stands.</param>
/// <param name="Json">The rule.</param>
internal sealed record SourceRule(string Source, JsonElement Json);

/// <summary>Collects what a file becomes: policies, remarks and refusals, in the order of the file.</summary>
internal sealed class ImportOutput
{
    private readonly List<Policy> _policies = [];
    private readonly List<TranslatedRule> _rules = [];
    private readonly List<ImportProblem> _problems = [];
    private readonly List<string> _notes = [];
    private int _length;

    /// <summary>One more policy of a rule. Its id is the place of the rule, or what the file calls it; both are values.</summary>
    public void Add(SourceRule rule, IEnumerable<string> notes, Policy policy)
    {
        var annotated = new Policy
        {
            Id = policy.Id,
            Effect = policy.Effect,
            Annotations = [new PolicyAnnotation("id", policy.Id), new PolicyAnnotation("source", rule.Source), .. policy.Annotations],
            Action = policy.Action,
            Conditions = policy.Conditions,
        };
        var text = PolicyFormatter.Format(annotated).TrimEnd();
        _length += text.Length + 2;
        if (_length > ImportedFile.BytesMax)
        {
            // Exclusions make a translation longer than its file, so it is bounded while it grows.
            throw ImportedFile.Refused("its translation has more than 1 MiB; import it in parts", rule.Source);
        }

        _policies.Add(annotated);
        _rules.Add(new TranslatedRule(rule.Source, ImportedFile.Show(rule.Json), [text], [.. notes]));
    }

    /// <summary>A rule that becomes no policy, and why.</summary>
    public void Say(SourceRule rule, string note) => _rules.Add(new TranslatedRule(rule.Source, ImportedFile.Show(rule.Json), [], [note]));

    /// <summary>A remark on the whole file.</summary>
    public void Say(string note) => _notes.Add(note);

    /// <summary>Something that cannot be translated; the import is refused when everything was read.</summary>
    public void Refuse(string source, string message) => _problems.Add(new ImportProblem(source, message));

    /// <exception cref="PolicyImportException">Something was refused.</exception>
    public PolicyTranslation Finish(string shape)
    {
        if (_problems.Count > 0)
        {
            throw new PolicyImportException([.. _problems]);
        }

        var text = new StringBuilder("// Translated from AgentGate 1.0. Each policy names the rule it comes from; docs/policies/import.md explains.\n");
        foreach (var policy in _rules.SelectMany(rule => rule.Policies))
        {
            text.Append('\n').Append(policy).Append('\n');
        }

        return new PolicyTranslation
        {
            Shape = shape,
            Policies = PolicySet.Empty.AddRange(_policies),
            Text = text.ToString(),
            Rules = [.. _rules],
            Notes = [.. _notes],
        };
    }
}
