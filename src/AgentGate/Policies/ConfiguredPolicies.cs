using System.Collections.Immutable;
using System.Globalization;
using AgentGate.Cedar.Syntax;
using AgentGate.Cedar.Validation;

namespace AgentGate.Policies;

/// <summary>Reads the policies of configuration: files, a directory, inline text, the two lists of rules and the shipped default, as one set.</summary>
internal static class ConfiguredPolicies
{
    private const string Section = "AgentGate:Policies";

    /// <summary>Reads and checks them.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="policies">The set; what could be read of it, where there are faults.</param>
    /// <returns>What is wrong: one sentence each, with the place in the text. Empty where nothing is.</returns>
    public static ImmutableArray<string> Read(PolicyOptions options, out PolicySet policies) => Read(options, out policies, out _);

    /// <summary>Reads and checks them, with what is worth a warning.</summary>
    public static ImmutableArray<string> Read(
        PolicyOptions options, out PolicySet policies, out ImmutableArray<string> warnings, bool hasApprovals = false)
    {
        var reading = new Reading();
        if (options.UseShippedDefault)
        {
            reading.Text("default.cedar", ShippedPolicies.Text);
        }

        foreach (var (path, name) in Files(options, reading.Faults))
        {
            reading.File(path, name);
        }

        for (var i = 0; i < options.Inline.Count; i++)
        {
            reading.Text(string.Create(CultureInfo.InvariantCulture, $"{Section}:Inline:{i}"), options.Inline[i]);
        }

        reading.Add(RuleTranslation.Translate(options));
        policies = reading.Policies;
        if (reading.Faults.Count == 0)
        {
            reading.Validate(hasApprovals);
        }

        warnings = [.. reading.Warnings];
        return [.. reading.Faults];
    }

    private static List<(string Path, string Name)> Files(PolicyOptions options, List<string> faults)
    {
        var files = options.Files.Select(static path => (Path: path, Name: Path.GetFileName(path))).ToList();
        if (options.Directory is { Length: > 0 } directory)
        {
            if (!Directory.Exists(directory))
            {
                faults.Add($"{Section}:Directory names \"{directory}\", which is no directory.");
                return files;
            }

            files.AddRange(Directory.EnumerateFiles(directory, "*.cedar").Order(StringComparer.Ordinal).Select(static path => (path, Path.GetFileName(path))));
        }

        return files;
    }

    /// <summary>The set as it grows, with where each policy came from.</summary>
    private sealed class Reading
    {
        private readonly Dictionary<string, string> _origins = new(StringComparer.Ordinal);

        public List<string> Faults { get; } = [];

        public List<string> Warnings { get; } = [];

        public PolicySet Policies { get; private set; } = PolicySet.Empty;

        public void File(string path, string name)
        {
            string text;
            try
            {
                text = System.IO.File.ReadAllText(path);
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                Faults.Add($"{path} cannot be read: {unreadable.Message}");
                return;
            }

            Text(name, text);
        }

        /// <summary>Adds the policies of a text. One without an <c>@id</c> is named after the text and its place in it.</summary>
        public void Text(string origin, string text)
        {
            if (!PolicySet.TryParse(text, PolicyIdSource.IdAnnotation, out var set, out var diagnostics))
            {
                Faults.AddRange(diagnostics.Select(diagnostic => $"{origin}:{diagnostic}"));
                return;
            }

            Add(set.Policies.Concat(set.Templates).Select(policy => policy.Annotation("id") is null ? policy.WithId($"{origin}/{policy.Id}") : policy), origin);
        }

        public void Add(IEnumerable<Policy> policies, string origin = Section)
        {
            foreach (var policy in policies)
            {
                if (!_origins.TryAdd(policy.Id, origin))
                {
                    Faults.Add($"{origin}: the policy id \"{policy.Id}\" is taken by {_origins[policy.Id]}; ids are unique over all policies.");
                    continue;
                }

                Policies = Policies.Add(policy);
            }
        }

        public void Validate(bool hasApprovals)
        {
            var result = PublishedSchema.Validate(Policies);
            Faults.AddRange(result.Errors.Select(Line));
            Faults.AddRange(PolicyObligations.Faults(Policies, hasApprovals).Select(fault => $"{_origins.GetValueOrDefault(fault.Policy.Id, Section)}: {fault.Message}"));
            Warnings.AddRange(result.Warnings.Select(Line));
        }

        private string Line(ValidationFinding finding)
            => $"{(finding.Diagnostic.PolicyId is { } id && _origins.TryGetValue(id, out var origin) ? origin : Section)}:{finding.Diagnostic}";
    }
}
