using System.Globalization;

namespace AgentGate.Policies.Versions;

/// <summary>One version of a tenant's policy set, without its text. Immutable.</summary>
internal sealed record PolicyVersion
{
    /// <summary>The number that stands for the configured policies where a version is named: no version has it.</summary>
    public const int Configured = 0;

    /// <summary>Whose it is.</summary>
    public required string Tenant { get; init; }

    /// <summary>Counted per tenant from 1; never used again.</summary>
    public required int Number { get; init; }

    public required PolicyVersionStatus Status { get; init; }

    /// <summary>Counts the changes of the text, so that who changes it says which text they saw.</summary>
    public required int Revision { get; init; }

    /// <summary>What was stored.</summary>
    public required PolicyText Facts { get; init; }

    /// <summary>The pseudonymous id of who wrote it first.</summary>
    public required string Author { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>When it came into force last; <see langword="null"/> where it never was.</summary>
    public DateTimeOffset? ActivatedAt { get; init; }

    /// <summary>What the version is called as a resource and in decisions.</summary>
    public string Id => IdOf(Number);

    /// <summary>What a number is called as a resource and in decisions.</summary>
    public static string IdOf(int number)
        => number == Configured ? ActivePolicies.ConfigurationVersion : string.Create(CultureInfo.InvariantCulture, $"v{number}");
}

/// <summary>A version with its text.</summary>
/// <param name="Version">The version.</param>
/// <param name="Text">The policies in Cedar syntax, as their author wrote them.</param>
internal sealed record PolicyDocument(PolicyVersion Version, string Text);

/// <summary>What is kept of a text beside it.</summary>
/// <param name="TextHash">SHA-256 of its UTF-8 bytes, lower-case hex.</param>
/// <param name="SetHash">The hash of the set it says; <see langword="null"/> where it does not parse.</param>
/// <param name="Errors">What was wrong with it when it was stored.</param>
/// <param name="Warnings">What was worth a look then.</param>
/// <param name="Note">What its author says about it; may be empty.</param>
internal sealed record PolicyText(string TextHash, string? SetHash, int Errors, int Warnings, string Note);
