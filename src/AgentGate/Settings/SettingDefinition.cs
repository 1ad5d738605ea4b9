using System.Globalization;
using System.Text.Json;

namespace AgentGate.Settings;

/// <summary>A setting there is: what it may be, what it is where nobody said, and whether anything obeys it yet. Immutable.</summary>
/// <param name="Key">Its published name.</param>
/// <param name="Default">What it is where nobody said, as JSON.</param>
/// <param name="IsInForce">Whether changing it changes what the server does; otherwise it is kept and told, and nothing obeys it yet.</param>
/// <param name="Note">What it does, or what it will.</param>
internal abstract record SettingDefinition(string Key, string Default, bool IsInForce, string Note)
{
    /// <summary>What it may be, for who sent something else.</summary>
    public abstract string Takes { get; }

    /// <summary>The value as it is kept, as JSON; <see langword="null"/> where it may not be that.</summary>
    public abstract string? Read(JsonElement value);

    /// <summary>A whole number within bounds.</summary>
    internal sealed record Number(string Key, int Value, int Min, int Max, bool IsInForce, string Note)
        : SettingDefinition(Key, Value.ToString(CultureInfo.InvariantCulture), IsInForce, Note)
    {
        public override string Takes => $"a whole number from {Min} to {Max}";

        public override string? Read(JsonElement value)
            => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) && number >= Min && number <= Max
                ? number.ToString(CultureInfo.InvariantCulture)
                : null;
    }

    /// <summary>Yes or no.</summary>
    internal sealed record Switch(string Key, bool Value, bool IsInForce, string Note) : SettingDefinition(Key, Value ? "true" : "false", IsInForce, Note)
    {
        public override string Takes => "true or false";

        public override string? Read(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.True => "true",
            JsonValueKind.False => "false",
            _ => null,
        };
    }

    /// <summary>One of a closed set of words.</summary>
    internal sealed record Word(string Key, IReadOnlyList<string> Words, bool IsInForce, string Note)
        : SettingDefinition(Key, JsonSerializer.Serialize(Words[0]), IsInForce, Note)
    {
        public override string Takes => $"one of {string.Join(", ", Words)}";

        public override string? Read(JsonElement value)
            => value.ValueKind == JsonValueKind.String && Words.Contains(value.GetString()) ? JsonSerializer.Serialize(value.GetString()) : null;
    }

    /// <summary>A line of text.</summary>
    internal sealed record Line(string Key, string Value, int LengthMax, bool IsAddress, bool IsInForce, string Note)
        : SettingDefinition(Key, JsonSerializer.Serialize(Value), IsInForce, Note)
    {
        public override string Takes => IsAddress ? "an e-mail address" : $"a text of 1 to {LengthMax} characters";

        public override string? Read(JsonElement value)
        {
            var text = value.ValueKind == JsonValueKind.String ? value.GetString()!.Trim() : string.Empty;
            var fits = text.Length > 0 && text.Length <= LengthMax && !text.Any(char.IsControl);
            return fits && (!IsAddress || LooksLikeAddress(text)) ? JsonSerializer.Serialize(text) : null;
        }

        private static bool LooksLikeAddress(string text)
            => text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at == text.LastIndexOf('@') && at < text.Length - 1
                && text.All(static c => c is > ' ' and < '\x7f' and not ('<' or '>'));
    }
}
