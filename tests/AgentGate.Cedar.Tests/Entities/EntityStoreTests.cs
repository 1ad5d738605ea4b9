using AgentGate.Cedar.Entities;

namespace AgentGate.Cedar.Tests.Entities;

public sealed class EntityStoreTests
{
    [Fact]
    public void An_entity_is_in_everything_above_it_and_in_itself()
    {
        var store = EntityStore.Create(In("a", "b", "c"), In("b", "d"), In("c", "d"), In("d", "e"));

        Assert.True(store.IsIn(Uid("a"), Uid("e")));
        Assert.True(store.IsIn(Uid("a"), Uid("a")));
        Assert.False(store.IsIn(Uid("e"), Uid("a")));
        Assert.True(store.IsIn(Uid("x"), Uid("x")));
        Assert.Equal(["b", "c", "d", "e"], store.AncestorsOf(Uid("a")).Select(uid => uid.Id).Order());
    }

    [Fact]
    public void Entities_that_contain_themselves_are_refused()
    {
        Assert.Throws<EntityDataException>(() => EntityStore.Create(In("a", "a")));
        var error = Assert.Throws<EntityDataException>(() => EntityStore.Create(In("a", "b"), In("b", "c"), In("c", "a")));
        Assert.Contains("is in itself", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_entity_may_come_twice_and_a_different_one_may_not()
    {
        Assert.Single(EntityStore.Create(In("a", "b", "c"), In("a", "c", "b")));
        Assert.Throws<EntityDataException>(() => EntityStore.Create(In("a", "b"), In("a", "c")));
    }

    [Fact]
    public void A_chain_of_a_thousand_entities_is_closed_without_recursion()
    {
        var store = EntityStore.Create(Enumerable.Range(0, 1_000).Select(i => In($"e{i}", $"e{i + 1}")));

        Assert.True(store.IsIn(Uid("e0"), Uid("e1000")));
        Assert.Equal(1_000, store.AncestorsOf(Uid("e0")).Count);
    }

    [Fact]
    public void A_chain_so_long_that_its_ancestors_would_fill_memory_is_refused()
        => Assert.Throws<EntityDataException>(() => EntityStore.Create(Enumerable.Range(0, 10_000).Select(i => In($"e{i}", $"e{i + 1}"))));

    [Fact]
    public void Entities_on_top_of_a_store_answer_as_if_they_had_been_in_it()
    {
        var below = EntityStore.Create(In("b", "c"), In("c", "d"));
        var store = below.With(In("a", "b", "x"), In("x", "y"));

        Assert.Equal(["b", "c", "d", "x", "y"], store.AncestorsOf(Uid("a")).Select(uid => uid.Id).Order());
        Assert.True(store.IsIn(Uid("b"), Uid("d")));
        Assert.Equal(["a", "b", "c", "x"], store.Select(entity => entity.Uid.Id).Order());
        Assert.Equal(2, below.Count);
    }

    [Fact]
    public void An_entity_without_a_list_of_parents_has_none()
    {
        var entity = new Entity(Uid("a")) { Parents = default };

        Assert.Equal(2, EntityStore.Create(entity, new Entity(Uid("a"))).With(In("b", "a")).Count);
    }

    [Fact]
    public void A_store_may_grow_one_entity_at_a_time_as_long_as_one_likes()
    {
        const int Count = 100_000;
        var store = EntityStore.Create(In("root"));
        for (var i = 0; i < Count; i++)
        {
            store = store.With(In($"e{i}", "root"));
        }

        Assert.Equal(Count + 1, store.Count);
        Assert.Equal(["root", "e0", "e1"], store.Take(3).Select(entity => entity.Uid.Id));
        Assert.Equal($"e{Count - 1}", store.Last().Uid.Id);
        Assert.True(store.IsIn(Uid("e0"), Uid("root")));
        Assert.False(store.TryGet(Uid("x"), out _));
        Assert.Same(store, store.With());
    }

    [Fact]
    public void An_entity_that_what_is_below_is_in_is_closed_with_it()
    {
        var store = EntityStore.Create(In("a", "b")).With(In("b", "c"));

        Assert.True(store.IsIn(Uid("a"), Uid("c")));
        Assert.Throws<EntityDataException>(() => EntityStore.Create(In("a", "b")).With(In("b", "a")));
        Assert.Throws<EntityDataException>(() => EntityStore.Create(In("a", "b")).With(In("a", "c")));
    }

    private static Entity In(string id, params string[] parents) => new(Uid(id)) { Parents = [.. parents.Select(Uid)] };

    private static EntityUid Uid(string id) => new("T", id);
}
