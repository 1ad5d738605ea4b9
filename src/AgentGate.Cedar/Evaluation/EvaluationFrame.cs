using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Evaluation;

/// <summary>What one evaluation knows, and how it failed. Lives on the stack.</summary>
internal ref struct EvaluationFrame(AuthorizationRequest request, EntityStore entities)
{
    private readonly EntityNode? _principal = entities.Find(request.Principal);
    private readonly EntityNode? _action = entities.Find(request.Action);
    private readonly EntityNode? _resource = entities.Find(request.Resource);

    public AuthorizationRequest Request { get; } = request;

    public readonly EntityNode? Principal => _principal;

    public readonly EntityNode? Action => _action;

    public readonly EntityNode? Resource => _resource;

    /// <summary>Why the last evaluation failed; meaningful only after one did.</summary>
    public EvaluationErrorKind Error { get; private set; }

    /// <summary>Where it failed.</summary>
    public Expr? ErrorAt { get; private set; }

    /// <summary>What the message is made of: built only when somebody reads it.</summary>
    public string? Expected { get; private set; }

    /// <summary>The value or name the message names.</summary>
    public object? Found { get; private set; }

    /// <summary>The entity among the entities; the request's own were looked up once.</summary>
    public readonly EntityNode? Find(EntityUid uid)
        => ReferenceEquals(uid, Request.Principal) ? _principal
            : ReferenceEquals(uid, Request.Resource) ? _resource
            : ReferenceEquals(uid, Request.Action) ? _action
            : entities.Find(uid);

    public readonly bool IsIn(EntityUid descendant, EntityUid ancestor)
        => descendant.Equals(ancestor) || (Find(descendant)?.HasAncestor(ancestor) ?? false);

    /// <summary>Notes an error. Always false, so that it can be returned.</summary>
    public bool Fail(EvaluationErrorKind kind, Expr at, string? expected = null, object? found = null)
    {
        (Error, ErrorAt, Expected, Found) = (kind, at, expected, found);
        return false;
    }

    /// <summary>Notes a value of the wrong type. Always false.</summary>
    public bool FailType(Expr at, string expected, in Datum found) => Fail(EvaluationErrorKind.TypeError, at, expected, found.Kind);
}
