using AgentGate.Diagnostics;

namespace AgentGate.Guardrails;

/// <summary>A guardrail: a list of rules, or a state machine; enforced or watched as one.</summary>
public sealed class GuardrailSet
{
    /// <summary>Its name in refusals, metrics and the store; 1 to 64 letters, digits, <c>-</c>, <c>_</c> or <c>.</c>, and no other set's.</summary>
    /// <value>The default is <c>guardrails</c>.</value>
    public string Id { get; set; } = "guardrails";

    /// <summary>Its version, for people. What was counted under one version counts under the next.</summary>
    /// <value>The default is <c>1</c>.</value>
    public string Version { get; set; } = "1";

    /// <summary>What it is for.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? Description { get; set; }

    /// <summary>Whether it refuses.</summary>
    /// <value>The default is <see cref="GuardrailMode.Enforce"/>.</value>
    public GuardrailMode Mode { get; set; }

    /// <summary>What it does while the store cannot be asked.</summary>
    /// <value>The default is <see cref="GuardrailStoreLoss.Deny"/>.</value>
    public GuardrailStoreLoss OnStoreLoss { get; set; }

    /// <summary>The tenants it concerns: a name or a pattern.</summary>
    /// <value>The default is <c>*</c>.</value>
    public string Tenant { get; set; } = "*";

    /// <summary>The principals it concerns: an id or a pattern.</summary>
    /// <value>The default is <c>*</c>.</value>
    public string Principal { get; set; } = "*";

    /// <summary>The rules of the list form, at most 64.</summary>
    /// <value>The default is empty.</value>
    public IList<GuardrailRule> Rules { get; } = [];

    /// <summary>The state machine of the other form.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public GuardrailMachine? Machine { get; set; }

    /// <summary>Reads a guardrail in one of the published forms: a list of rules, an object with <c>policies</c>, or one with <c>states</c>.</summary>
    /// <param name="json">The JSON text.</param>
    /// <returns>The guardrail, which holds to everything that is demanded of one.</returns>
    /// <exception cref="FormatException">It does not; the message names every fault and its field.</exception>
    public static GuardrailSet Parse(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        List<string> faults = [];
        var set = GuardrailReader.Read(json, "", faults);
        faults.AddRange(GuardrailFaults.Of(set, ""));
        return faults.Count == 0 ? set : throw new FormatException($"{Codes.ConfigurationInvalid}: {string.Join(" ", faults)}");
    }
}
