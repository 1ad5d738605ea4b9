using System.Globalization;
using AgentGate.Cedar.Authorization;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Tests.Authorization;

public sealed class AllocationTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(10_000)]
    public void Authorizing_allocates_nothing_when_few_policies_apply(int count)
    {
        var roles = Enumerable.Range(0, count).Select(i => new Policy
        {
            Id = "p" + i.ToString(CultureInfo.InvariantCulture),
            Effect = PolicyEffect.Permit,
            Principal = new ScopeConstraint.In(Uid("Role", i)),
            Action = new ActionConstraint.In([new EntityUid("Action", "read"), new EntityUid("Action", "write")], IsList: true),
            Resource = new ScopeConstraint.Is(EntityTypeName.Parse("Document")),
            Conditions =
            [
                new PolicyCondition(false, new Expr.And(
                    new Expr.HasAttribute(new Expr.Variable(RequestVariable.Principal), ["level"]),
                    new Expr.Binary(
                        BinaryOperator.Less,
                        new Expr.Binary(BinaryOperator.Add, new Expr.GetAttribute(new Expr.Variable(RequestVariable.Principal), "level"), new Expr.Literal(new CedarLong(1))),
                        new Expr.Literal(new CedarLong(9))))),
                new PolicyCondition(true, new Expr.Like(new Expr.GetAttribute(new Expr.Variable(RequestVariable.Context), "path"), new LikePattern(["/secret/", ""]))),
            ],
        });
        var authorizer = Authorizer.Create(PolicySet.Empty.AddRange(roles));
        var user = new Entity(Uid("User", 1))
        {
            Parents = [Uid("Role", 1), Uid("Role", 3), Uid("Role", 5)],
            Attributes = new CedarRecord(KeyValuePair.Create<string, CedarValue>("level", new CedarLong(3))),
        };
        var entities = EntityStore.Create(user);
        var request = new AuthorizationRequest(
            user.Uid, new EntityUid("Action", "write"), Uid("Document", 7),
            new CedarRecord(KeyValuePair.Create<string, CedarValue>("path", new CedarString("/public/a"))));

        var first = authorizer.Authorize(request, entities);
        Assert.Equal(["p1", "p3", "p5"], first.DeterminingPolicies);
        authorizer.Authorize(request, entities);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            authorizer.Authorize(request, entities);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static EntityUid Uid(string type, int id) => new(type, id.ToString(CultureInfo.InvariantCulture));
}
