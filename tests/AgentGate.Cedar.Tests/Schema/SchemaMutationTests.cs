using System.Text;
using AgentGate.Cedar.Entities;
using AgentGate.Cedar.Schema;
using AgentGate.Cedar.Syntax;

namespace AgentGate.Cedar.Tests.Schema;

/// <summary>Whatever is done to a text, reading it gives a schema or entities, or an error of that stage with a message, never another exception.</summary>
public sealed class SchemaMutationTests
{
    private static readonly string[] s_pieces =
    [
        "{", "}", "[", "]", "<", ">", ",", ";", ":", "::", "\"", "\\", "\\u{", "@", "(", ")", "?", "=", "//", "\n", "\r", "\0", "\ud83d\ude00", "entity", "action", "type",
        "namespace", "in", "enum", "tags", "appliesTo", "principal", "context", "Set<", "__cedar", "null", "1e9", "-0", "\"type\":", "\"__extn\":", "\"__entity\":",
    ];

    [Fact]
    public void A_changed_schema_gives_a_schema_or_an_error()
    {
        var random = new Random(1);
        foreach (var test in CorpusFile.Read().Where(test => test.Schema.Length < 4_000).Take(200))
        {
            var schema = CedarSchema.Parse(test.Schema);
            var json = Encoding.UTF8.GetString(schema.ToJson());
            for (var i = 0; i < 20; i++)
            {
                Try(Mutate(test.Schema, random), text => CedarSchema.Parse(text).ToJson());
                Try(Mutate(json, random), text => CedarSchema.ParseJson(Encoding.UTF8.GetBytes(text)));
            }
        }
    }

    [Fact]
    public void Changed_entities_give_entities_or_an_error()
    {
        var random = new Random(2);
        foreach (var test in CorpusFile.Read().Where((_, index) => index % 40 == 0))
        {
            var schema = CedarSchema.Parse(test.Schema);
            var json = test.Json.GetProperty("entities").GetRawText();
            for (var i = 0; i < 20; i++)
            {
                Try(Mutate(json, random), text => EntitiesJson.Parse(Encoding.UTF8.GetBytes(text), schema));
                Try(Mutate(json, random), text => EntitiesJson.Parse(Encoding.UTF8.GetBytes(text)));
            }
        }
    }

    private static string Mutate(string text, Random random)
    {
        var builder = new StringBuilder(text);
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var at = random.Next(builder.Length + 1);
            if (random.Next(2) == 0)
            {
                builder.Insert(at, s_pieces[random.Next(s_pieces.Length)]);
            }
            else
            {
                builder.Remove(at, Math.Min(random.Next(1, 6), builder.Length - at));
            }
        }

        return builder.ToString();
    }

    private static void Try(string text, Action<string> read)
    {
        try
        {
            read(text);
        }
        catch (Exception exception) when (exception is SchemaException or EntityDataException)
        {
            Assert.All(((CedarException)exception).Diagnostics, problem => Assert.False(string.IsNullOrEmpty(problem.Message) || problem.Message.Contains('\n', StringComparison.Ordinal)));
        }
    }
}
