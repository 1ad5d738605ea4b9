using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Syntax;

/// <summary>
/// Writes the JSON policy format, always the same bytes for the same policy: no blanks, keys in the order of the format's description,
/// names of annotations and of record attributes in the order of their code points.
/// </summary>
internal sealed partial class PolicyJsonWriter
{
    private static readonly JsonWriterOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = (2 * CedarLimits.MaxDepth) + 64,
        SkipValidation = true,
    };

    private readonly Utf8JsonWriter _json;

    private PolicyJsonWriter(Utf8JsonWriter json) => _json = json;

    /// <summary>One policy or template.</summary>
    public static byte[] Write(Policy policy) => Write(writer => writer.WritePolicy(policy));

    /// <summary>A set. Policies that were linked from templates are written as links.</summary>
    public static byte[] Write(PolicySet set) => Write(writer => writer.WriteSet(set));

    private static byte[] Write(Action<PolicyJsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer, Options);
        write(new PolicyJsonWriter(json));
        json.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    private void WriteSet(PolicySet set)
    {
        var links = set.Links.ToList();
        var linked = links.Select(static link => link.Id).ToHashSet(StringComparer.Ordinal);
        _json.WriteStartObject();
        WriteMembers("templates", set.Templates);
        WriteMembers("staticPolicies", set.Policies.Where(policy => !linked.Contains(policy.Id)));
        _json.WriteStartArray("templateLinks");
        foreach (var link in links)
        {
            _json.WriteStartObject();
            _json.WriteString("templateId", link.TemplateId);
            _json.WriteString("newId", link.Id);
            _json.WriteStartObject("values");
            WriteSlot("?principal", link.Principal);
            WriteSlot("?resource", link.Resource);
            _json.WriteEndObject();
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    private void WriteMembers(string name, IEnumerable<Policy> policies)
    {
        _json.WriteStartObject(name);
        foreach (var policy in policies)
        {
            _json.WritePropertyName(policy.Id);
            WritePolicy(policy);
        }

        _json.WriteEndObject();
    }

    private void WriteSlot(string name, EntityUid? entity)
    {
        if (entity is not null)
        {
            WriteEntity(name, entity);
        }
    }

    private void WriteEntity(string name, EntityUid entity)
    {
        _json.WritePropertyName(name);
        WriteEntity(entity);
    }

    private void WriteEntity(EntityUid entity)
    {
        _json.WriteStartObject();
        _json.WriteString("type", entity.Type.Text);
        _json.WriteString("id", entity.Id);
        _json.WriteEndObject();
    }

    private void WritePolicy(Policy policy)
    {
        if (policy.Conditions.Any(static condition => condition.Body.Depth > CedarLimits.MaxDepth))
        {
            throw new ArgumentException($"a condition of policy `{policy.Id}` is nested deeper than {CedarLimits.MaxDepth} levels", nameof(policy));
        }

        _json.WriteStartObject();
        _json.WriteString("effect", policy.Effect == PolicyEffect.Permit ? "permit" : "forbid");
        WriteConstraint("principal", policy.Principal);
        WriteAction(policy.Action);
        WriteConstraint("resource", policy.Resource);
        _json.WriteStartArray("conditions");
        foreach (var condition in policy.Conditions)
        {
            _json.WriteStartObject();
            _json.WriteString("kind", condition.IsUnless ? "unless" : "when");
            _json.WritePropertyName("body");
            Write(condition.Body);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        if (!policy.Annotations.IsEmpty)
        {
            _json.WriteStartObject("annotations");
            foreach (var annotation in policy.Annotations.OrderBy(static annotation => annotation.Name, StringComparer.Ordinal))
            {
                _json.WriteString(annotation.Name, annotation.Value);
            }

            _json.WriteEndObject();
        }

        _json.WriteEndObject();
    }

    private void WriteConstraint(string name, ScopeConstraint constraint)
    {
        _json.WriteStartObject(name);
        switch (constraint)
        {
            case ScopeConstraint.Equal equal:
                _json.WriteString("op", "==");
                WriteEntityOrSlot(name, equal.Entity);
                break;
            case ScopeConstraint.In within:
                _json.WriteString("op", "in");
                WriteEntityOrSlot(name, within.Entity);
                break;
            case ScopeConstraint.Is type:
                _json.WriteString("op", "is");
                _json.WriteString("entity_type", type.Type.Text);
                break;
            case ScopeConstraint.IsIn isIn:
                _json.WriteString("op", "is");
                _json.WriteString("entity_type", isIn.Type.Text);
                _json.WriteStartObject("in");
                WriteEntityOrSlot(name, isIn.Entity);
                _json.WriteEndObject();
                break;
            default:
                _json.WriteString("op", "All");
                break;
        }

        _json.WriteEndObject();
    }

    private void WriteEntityOrSlot(string variable, EntityUid? entity)
    {
        if (entity is null)
        {
            _json.WriteString("slot", "?" + variable);
        }
        else
        {
            WriteEntity("entity", entity);
        }
    }

    private void WriteAction(ActionConstraint constraint)
    {
        _json.WriteStartObject("action");
        switch (constraint)
        {
            case ActionConstraint.Equal equal:
                _json.WriteString("op", "==");
                WriteEntity("entity", equal.Action);
                break;
            case ActionConstraint.In { Actions.Length: 1 } within:
                _json.WriteString("op", "in");
                WriteEntity("entity", within.Actions[0]);
                break;
            case ActionConstraint.In within:
                _json.WriteString("op", "in");
                _json.WriteStartArray("entities");
                foreach (var action in within.Actions)
                {
                    WriteEntity(action);
                }

                _json.WriteEndArray();
                break;
            default:
                _json.WriteString("op", "All");
                break;
        }

        _json.WriteEndObject();
    }
}
