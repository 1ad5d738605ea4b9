using System.Collections.Immutable;
using System.Text.Json;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cli.Policies;

/// <summary>Policies, schemas and entities as files hold them: Cedar text or JSON, told apart by their first character.</summary>
internal static class PolicyFiles
{
    private static readonly JsonDocumentOptions s_deep = new() { MaxDepth = CedarLimits.MaxJsonDepth };

    /// <summary>Reads the policies of one file.</summary>
    /// <exception cref="PolicySyntaxException">They do not parse.</exception>
    public static PolicySet Parse(InputFile file, PolicyIdSource ids)
        => !file.IsJson ? PolicySet.Parse(file.Text, ids)
            : IsSinglePolicy(file) ? PolicySet.Empty.Add(PolicyJson.Parse("policy0", file.Bytes))
            : PolicySet.ParseJson(file.Bytes);

    /// <summary>Reads the policies of several files into one set; positions go on counting from file to file.</summary>
    /// <exception cref="UnusableInputException">A file does not parse, or two policies claim one id.</exception>
    public static PolicySet Load(IReadOnlyList<InputFile> files, PolicyIdSource ids)
    {
        var all = PolicySet.Empty;
        var position = 0;
        foreach (var file in files)
        {
            var set = Use(file, () => Parse(file, ids));
            if (files.Count == 1)
            {
                return set;
            }

            if (!file.IsJson)
            {
                set = Renumber(set, ids, ref position);
            }

            try
            {
                all = set.Links.Aggregate(all.AddRange(set.Templates.Concat(set.Policies.Where(policy => policy.TemplateId is null))), (sum, link) => sum.Link(link));
            }
            catch (ArgumentException exception)
            {
                throw new UnusableInputException($"{file.Name}: {exception.Message}");
            }
        }

        return all;
    }

    /// <summary>Reads a schema in either syntax.</summary>
    /// <exception cref="UnusableInputException">It does not parse.</exception>
    public static CedarSchema Schema(InputFile file) => Use(file, () => file.IsJson ? CedarSchema.ParseJson(file.Bytes) : CedarSchema.Parse(file.Text));

    /// <summary>Reads entities.</summary>
    /// <exception cref="UnusableInputException">They are not well formed, or do not conform to the schema.</exception>
    public static EntityStore Entities(InputFile file, CedarSchema? schema) => Use(file, () => EntitiesJson.Parse(file.Bytes, schema));

    /// <summary>Reads something that the command cannot do without.</summary>
    /// <exception cref="UnusableInputException">It does not parse.</exception>
    public static T Use<T>(InputFile file, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (CedarException exception)
        {
            throw new UnusableInputException(string.Join("\n", exception.Diagnostics.Take(20).Select(diagnostic => $"{file.Name}:{diagnostic}")));
        }
    }

    private static PolicySet Renumber(PolicySet set, PolicyIdSource ids, ref int position)
    {
        var renumbered = ImmutableArray.CreateBuilder<Policy>();
        foreach (var policy in set.Policies.Concat(set.Templates).OrderBy(policy => policy.Span.Start))
        {
            var own = ids == PolicyIdSource.IdAnnotation && policy.Annotation("id") is not null;
            renumbered.Add(own ? policy : policy.WithId($"policy{position}"));
            position++;
        }

        return PolicySet.Empty.AddRange(renumbered);
    }

    private static bool IsSinglePolicy(InputFile file)
    {
        try
        {
            using var document = JsonDocument.Parse(file.Bytes, s_deep);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("effect", out _);
        }
        catch (JsonException)
        {
            // Whatever is wrong is told with its place by the reader of policy sets.
            return false;
        }
    }
}
