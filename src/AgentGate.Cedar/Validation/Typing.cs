using AgentGate.Cedar.Schema;

namespace AgentGate.Cedar.Validation;

/// <summary>What the typechecker learned of an expression.</summary>
/// <param name="Type">Its type; <see langword="null"/> when an error hides it, so that one mistake is reported once.</param>
/// <param name="Succeeded">Whether it is well typed.</param>
/// <param name="Known">What exists once it was true.</param>
internal readonly record struct Typing(CedarType? Type, bool Succeeded, CapabilitySet Known)
{
    public static Typing Ok(CedarType type, CapabilitySet known = default) => new(type, true, known);

    /// <summary>An error was reported; the type is what the expression has once it is mended.</summary>
    public static Typing Failed(CedarType? type) => new(type, false, default);

    /// <summary>The same, failed when a part of it failed.</summary>
    public Typing If(bool succeeded) => succeeded ? this : Failed(Type);

    public bool Is(bool value) => Type is CedarType.BoolType { Known: { } known } && known == value;
}
