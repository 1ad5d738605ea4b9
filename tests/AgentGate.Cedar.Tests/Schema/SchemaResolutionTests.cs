using System.Text;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;

namespace AgentGate.Cedar.Tests.Schema;

/// <summary>What the names of a schema stand for, and what is refused: RFC 24, RFC 70 and the rules of declarations.</summary>
public sealed class SchemaResolutionTests
{
    [Theory]
    [InlineData("entity A; entity A;", 1, 18, "the entity type `A` is declared twice")]
    [InlineData("entity A, B, A;", 1, 14, "the entity type `A` is declared twice")]
    [InlineData("type T = Long; type T = Long;", 1, 21, "the common type `T` is declared twice")]
    [InlineData("action a; action \"a\";", 1, 18, "the action `Action::\"a\"` is declared twice")]
    [InlineData("namespace N {} namespace N {}", 1, 26, "the namespace `N` is declared twice")]
    [InlineData("entity __cedar;", 1, 8, "`__cedar` is reserved")]
    [InlineData("type __cedar = Long;", 1, 6, "`__cedar` is reserved")]
    [InlineData("namespace __cedar {}", 1, 11, "`__cedar` is reserved")]
    [InlineData("namespace A::__cedar { action a; }", 1, 11, "`__cedar` is reserved")]
    [InlineData("type Long = String;", 1, 6, "cannot be named `Long`")]
    [InlineData("namespace N { type Record = String; }", 1, 20, "cannot be named `Record`")]
    [InlineData("type Boolean = Bool;", 1, 6, "cannot be named `Boolean`")]
    [InlineData("entity Action;", 1, 8, "`Action` cannot be declared")]
    [InlineData("namespace N { entity Action; }", 1, 22, "`Action` cannot be declared")]
    [InlineData("entity A in B;", 1, 13, "`B` is not declared as an entity type")]
    [InlineData("type B = Long; entity A in B;", 1, 28, "`B` is not declared as an entity type")]
    [InlineData("action a; entity A in Action;", 1, 23, "`Action` is not declared as an entity type")]
    [InlineData("entity A { a: Boolean };", 1, 15, "`Boolean` is not declared")]
    [InlineData("entity A { a: Action };", 1, 15, "`Action` is not declared")]
    [InlineData("entity A tags B;", 1, 15, "`B` is not declared")]
    [InlineData("namespace N { entity A; } entity B { a: A };", 1, 41, "`A` is not declared")]
    [InlineData("namespace N { namespace_ }", 1, 15, "unexpected")]
    [InlineData("namespace N::M { entity A; } namespace N { entity B { a: M::A }; }", 1, 58, "`M::A` is not declared")]
    [InlineData("entity A; action a appliesTo { principal: A, resource: A, context: A };", 1, 68, "`A` is not declared as a common type")]
    [InlineData("type T = Long; entity A; action a appliesTo { principal: A, resource: A, context: T };", 1, 83, "the context of the action `a` is no record")]
    [InlineData("entity A; action b appliesTo { principal: Action, resource: A };", 1, 43, "`Action` is not declared as an entity type")]
    [InlineData("action a in b;", 1, 13, "the action `Action::\"b\"` is not declared")]
    [InlineData("entity A; action a in A::\"b\";", 1, 23, "the action `A::\"b\"` is not declared")]
    [InlineData("action a in a;", 1, 8, "is in itself")]
    [InlineData("type A = A;", 1, 6, "defined by itself: `A` → `A`")]
    [InlineData("entity A; namespace N { entity A; }", 1, 32, "`N::A` hides `A`")]
    [InlineData("type A = Long; namespace N { entity A; }", 1, 37, "`N::A` hides `A`")]
    [InlineData("entity A; namespace N { type A = Long; }", 1, 30, "`N::A` hides `A`")]
    [InlineData("action a; namespace N { action a; }", 1, 32, "`N::Action::\"a\"` hides `Action::\"a\"`")]
    public void What_is_not_declared_once_and_plainly_is_refused(string text, int line, int column, string message)
    {
        var problem = Assert.Single(Assert.Throws<SchemaException>(() => CedarSchema.Parse(text)).Diagnostics);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.Equal((line, column), (problem.Line, problem.Column));
    }

    [Fact]
    public void Everything_that_is_wrong_is_reported_at_once_in_the_order_of_the_text()
    {
        var problems = Assert.Throws<SchemaException>(() => CedarSchema.Parse(
            "entity User in Grup { a: Strin };\nentity Group;\naction view in read appliesTo { principal: Usr, resource: Group };\naction reed;")).Diagnostics;
        Assert.Equal(["Group", "String", "Action::\"reed\"", "User"], problems.Select(problem => problem.Help!.Split('`')[1]).Select(name => name == "reed" ? "Action::\"reed\"" : name));
        Assert.Equal([1, 1, 3, 3], problems.Select(problem => problem.Line));
    }

    [Theory]
    [InlineData("type A = B; type B = Set<C>; type C = { a: A };")]
    [InlineData("namespace N { type A = M::B; } namespace M { type B = N::A; }")]
    public void Common_types_cannot_be_recursive(string text)
        => Assert.Contains("defined by itself", Assert.Single(Assert.Throws<SchemaException>(() => CedarSchema.Parse(text)).Diagnostics).Message, StringComparison.Ordinal);

    [Fact]
    public void Actions_cannot_be_in_a_circle()
        => Assert.Equal(3, Assert.Throws<SchemaException>(() => CedarSchema.Parse("action a in b; action b in c; action c in a; action d in a;")).Diagnostics.Length);

    [Fact]
    public void A_common_type_comes_before_an_entity_type_and_the_own_namespace_before_the_empty_one()
    {
        var schema = CedarSchema.Parse("type T = Long; entity E; namespace N { type C = String; entity C { c: C, t: T, e: E, n: N::C }; }");
        var attributes = schema.EntityTypes[EntityTypeName.Parse("N::C")].Attributes.Attributes;
        Assert.Same(CedarType.String, attributes["c"].Type);
        Assert.Same(CedarType.Long, attributes["t"].Type);
        Assert.Equal("E", Assert.IsType<CedarType.EntityType>(attributes["e"].Type).Types.Single().Text);
        Assert.Same(CedarType.String, attributes["n"].Type);
    }

    [Fact]
    public void Built_in_types_can_be_named_when_something_else_has_their_name()
    {
        var schema = CedarSchema.Parse("entity String; namespace N { type ipaddr = Long; entity A { a: String, b: __cedar::String, c: ipaddr, d: __cedar::ipaddr }; }");
        var attributes = schema.EntityTypes[EntityTypeName.Parse("N::A")].Attributes.Attributes;
        Assert.IsType<CedarType.EntityType>(attributes["a"].Type);
        Assert.Same(CedarType.String, attributes["b"].Type);
        Assert.Same(CedarType.Long, attributes["c"].Type);
        Assert.Equal(CedarValueKind.IpAddress, Assert.IsType<CedarType.ExtensionType>(attributes["d"].Type).Kind);
    }

    [Fact]
    public void The_last_declaration_of_an_attribute_counts()
        => Assert.Same(CedarType.String, CedarSchema.Parse("entity A { a?: Long, a: String };").EntityTypes[EntityTypeName.Parse("A")].Attributes.Attributes["a"].Type);

    [Fact]
    public void Hierarchies_are_closed()
    {
        var schema = CedarSchema.Parse("entity A in B; entity B in C; entity C; entity X in Y; entity Y in [X, C]; entity Z in Z;");
        Assert.Equal(["B", "C"], Ancestors("A"));
        Assert.Equal(["C", "X", "Y"], Ancestors("X"));
        Assert.Equal(["Z"], Ancestors("Z"));
        Assert.Empty(Ancestors("C"));
        Assert.Equal(["A", "B", "X", "Y"], schema.DescendantsOf(EntityTypeName.Parse("C")).Select(name => name.Text));
        Assert.True(schema.IsDescendantOrSelf(EntityTypeName.Parse("A"), EntityTypeName.Parse("C")));
        Assert.True(schema.IsDescendantOrSelf(EntityTypeName.Parse("C"), EntityTypeName.Parse("C")));
        Assert.False(schema.IsDescendantOrSelf(EntityTypeName.Parse("C"), EntityTypeName.Parse("A")));

        IEnumerable<string> Ancestors(string type) => schema.EntityTypes[EntityTypeName.Parse(type)].Ancestors.Select(name => name.Text);
    }

    [Fact]
    public void Actions_know_their_groups_over_namespaces()
    {
        var schema = CedarSchema.Parse("action all; namespace N { action read in all; action \"get it\" in read; }");
        var (all, read, get) = (new EntityUid("Action", "all"), new EntityUid("N::Action", "read"), new EntityUid("N::Action", "get it"));
        Assert.Equal([read], schema.Actions[get].Parents);
        Assert.True(schema.Actions[get].Ancestors.SetEquals([all, read]));
        Assert.True(schema.DescendantsOf(all).SetEquals([read, get]));
        Assert.True(schema.IsDescendantOrSelf(get, all));
        Assert.Equal(["Action", "N::Action"], schema.ActionTypes.Select(name => name.Text));
        Assert.Equal([all, get, read], schema.ActionEntities().Select(entity => entity.Uid));
        Assert.Empty(schema.Actions[all].PrincipalTypes);
    }

    [Fact]
    public void The_own_namespace_of_an_action_comes_before_the_empty_one()
        => Assert.Equal(new EntityUid("N::Action", "b"), CedarSchema.Parse("namespace N { action a in b; action b; } action c;").Actions[new EntityUid("N::Action", "a")].Parents.Single());

    [Fact]
    public void A_short_schema_cannot_stand_for_an_endless_type()
    {
        var doubling = new StringBuilder("type T0 = Long;");
        var nesting = new StringBuilder("type T0 = Long;");
        var aliases = new StringBuilder("type T0 = Long;");
        for (var i = 1; i < 3_000; i++)
        {
            doubling.Append(System.Globalization.CultureInfo.InvariantCulture, $"type T{i} = {{ a: T{i - 1}, b: T{i - 1} }};");
            nesting.Append(System.Globalization.CultureInfo.InvariantCulture, $"type T{i} = Set<T{i - 1}>;");
            aliases.Append(System.Globalization.CultureInfo.InvariantCulture, $"type T{i} = T{i - 1};");
        }

        Assert.Contains("too large", Assert.Throws<SchemaException>(() => CedarSchema.Parse(doubling.ToString())).Message, StringComparison.Ordinal);
        Assert.Contains("too large", Assert.Throws<SchemaException>(() => CedarSchema.Parse(nesting.ToString())).Message, StringComparison.Ordinal);
        Assert.Same(CedarType.Long, CedarSchema.Parse($"{aliases} entity A {{ a: T2999 }};").EntityTypes[EntityTypeName.Parse("A")].Attributes.Attributes["a"].Type);
    }

    [Fact]
    public void A_hierarchy_whose_closure_is_too_large_is_refused()
    {
        var chain = string.Concat(Enumerable.Range(0, 20_000).Select(i => $"entity E{i} in E{i + 1};")) + "entity E20000;";
        Assert.Contains("too large", Assert.Throws<SchemaException>(() => CedarSchema.Parse(chain)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_schema_that_is_wrong_everywhere_gives_a_bounded_message()
    {
        var wrong = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"entity E{i} {{ a: Missing{i} }};"));
        Assert.Equal(100, Assert.Throws<SchemaException>(() => CedarSchema.Parse(wrong)).Diagnostics.Length);
    }
}
