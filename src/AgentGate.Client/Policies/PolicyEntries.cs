using System.Text.Json.Serialization;

namespace AgentGate.Client.Policies;

/// <summary>A page of the versions of the own tenant's policies, newest first.</summary>
/// <param name="Versions">The versions, without their texts.</param>
/// <param name="Active">What is in force: the number of a version, or 0 for the configured policies. What an activation must name.</param>
/// <param name="Before">Where the next page begins; absent on the last.</param>
public sealed record PolicyVersionList(IReadOnlyList<PolicyVersionEntry> Versions, int Active, int? Before);

/// <summary>One version of the policies.</summary>
public sealed record PolicyVersionEntry
{
    /// <summary>Its number in the tenant, counted from 1.</summary>
    public required int Version { get; init; }

    /// <summary>What decisions and policies call it: <c>v7</c>.</summary>
    public required string Id { get; init; }

    /// <summary><c>draft</c>, <c>shadow</c>, <c>active</c> or <c>retired</c>.</summary>
    public required string Status { get; init; }

    /// <summary>Counts the changes of its text. A change names the one it was made from.</summary>
    public required int Revision { get; init; }

    /// <summary>SHA-256 of the text, lower-case hex.</summary>
    public required string TextHash { get; init; }

    /// <summary>The hash of what the policies say, whatever their layout; absent where they do not parse.</summary>
    public string? SetHash { get; init; }

    /// <summary>How many errors the text had when it was stored.</summary>
    public required int Errors { get; init; }

    /// <summary>How many warnings it had then.</summary>
    public required int Warnings { get; init; }

    /// <summary>What its author says about it.</summary>
    public required string Note { get; init; }

    /// <summary>The pseudonymous id of who wrote it first.</summary>
    public required string Author { get; init; }

    /// <summary>When it was made (UTC).</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its text changed last (UTC).</summary>
    public required DateTimeOffset ChangedAt { get; init; }

    /// <summary>When it came into force last (UTC); absent where it never was.</summary>
    public DateTimeOffset? ActivatedAt { get; init; }

    /// <summary>The policies in Cedar syntax; absent in lists.</summary>
    public string? Text { get; init; }
}

/// <summary>What judges calls now.</summary>
/// <param name="Version">The number of the version, or 0 for the configured policies.</param>
/// <param name="Id">What decisions call it: <c>v7</c>, <c>configuration</c>, or <c>unusable</c> where a stored version cannot judge any more and everything is denied.</param>
/// <param name="SetHash">The hash of what the policies say.</param>
/// <param name="Shadow">The version that is asked beside it; absent where none is.</param>
/// <param name="Text">The policies in Cedar syntax.</param>
public sealed record ActivePolicyEntry(int Version, string Id, string SetHash, string? Shadow, string Text);

/// <summary>A draft as it is made or changed. Unknown members are refused.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PolicyDraftRequest
{
    /// <summary>The policies in Cedar syntax, at most 1 MiB.</summary>
    public string? Text { get; init; }

    /// <summary>What the author says about it: at most 500 characters on one line.</summary>
    public string? Note { get; init; }

    /// <summary>The revision the change was made from. Needed to change a draft, absent to make one.</summary>
    public int? Revision { get; init; }
}

/// <summary>Asks that a version come into force. Unknown members are refused.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PolicyActivationRequest
{
    /// <summary>What the caller believes is in force: a number, or 0 for the configured policies. Needed; another one is a conflict.</summary>
    public int? ExpectedActive { get; init; }

    /// <summary>Whether policies are accepted under which the caller could not activate others.</summary>
    public bool Force { get; init; }
}

/// <summary>What became of an activation.</summary>
/// <param name="Active">What is in force now: a number, or 0 for the configured policies.</param>
public sealed record PolicyActivationResult(int Active);

/// <summary>What is wrong with a text of policies.</summary>
/// <param name="Valid">Whether it can be activated.</param>
/// <param name="Errors">How many errors it has; the first 200 are listed.</param>
/// <param name="Warnings">How many warnings it has; the first 200 are listed.</param>
/// <param name="SetHash">The hash of what it says; absent where it does not parse.</param>
/// <param name="Findings">The errors, then the warnings, in the order of the text.</param>
public sealed record PolicyCheckResult(bool Valid, int Errors, int Warnings, string? SetHash, IReadOnlyList<PolicyFindingEntry> Findings);

/// <summary>One thing about a text of policies that its author should read.</summary>
public sealed record PolicyFindingEntry
{
    /// <summary><c>error</c> or <c>warning</c>.</summary>
    public required string Severity { get; init; }

    /// <summary><c>syntax</c>, or what the validator found, for programs.</summary>
    public required string Kind { get; init; }

    /// <summary>The policy concerned; absent where there is none yet.</summary>
    public string? Policy { get; init; }

    /// <summary>The line, counted from 1; absent where there is no place.</summary>
    public int? Line { get; init; }

    /// <summary>The column, counted from 1; absent where there is no place.</summary>
    public int? Column { get; init; }

    /// <summary>What is wrong.</summary>
    public required string Message { get; init; }

    /// <summary>What the author can do.</summary>
    public string? Help { get; init; }

    /// <summary>The line concerned with a caret below it.</summary>
    public string? Snippet { get; init; }
}

/// <summary>A page of the history of the own tenant's policies, newest first.</summary>
/// <param name="Entries">The lines.</param>
/// <param name="Before">Where the next page begins; absent on the last.</param>
public sealed record PolicyHistoryPage(IReadOnlyList<PolicyHistoryLine> Entries, long? Before);

/// <summary>One line of history.</summary>
/// <param name="Seq">Counted per tenant from 1.</param>
/// <param name="At">When (UTC).</param>
/// <param name="Event"><c>created</c>, <c>updated</c>, <c>deleted</c>, <c>activated</c>, <c>rolled_back</c>, <c>retired</c>, <c>shadow_started</c> or <c>shadow_ended</c>.</param>
/// <param name="Version">The version concerned; 0 for the configured policies.</param>
/// <param name="TextHash">SHA-256 of its text then; absent for the configured policies.</param>
/// <param name="By">The pseudonymous id of who did it.</param>
/// <param name="CallId">The call under which the log and the traces have the decision, where there was one.</param>
public sealed record PolicyHistoryLine(long Seq, DateTimeOffset At, string Event, int Version, string? TextHash, string By, string? CallId);

/// <summary>A file of AgentGate 1.0 in Cedar. Nothing is stored by translating.</summary>
/// <param name="Shape">Which shape the file has: <c>pre_rules</c> or <c>rules</c>.</param>
/// <param name="Text">The policies in Cedar syntax: what to store as a draft once it was read.</param>
/// <param name="Rules">What each rule of the file became.</param>
/// <param name="Notes">What concerns the whole file.</param>
public sealed record PolicyTranslationResult(string Shape, string Text, IReadOnlyList<TranslatedRuleEntry> Rules, IReadOnlyList<string> Notes);

/// <summary>One rule of a translated file.</summary>
/// <param name="Source">Where it stands in the file: <c>pre_rules[2]</c>.</param>
/// <param name="Rule">The rule, JSON.</param>
/// <param name="Policies">The policies it became; empty where it says nothing.</param>
/// <param name="Notes">What differs from 1.0, or what to look at.</param>
public sealed record TranslatedRuleEntry(string Source, string Rule, IReadOnlyList<string> Policies, IReadOnlyList<string> Notes);
