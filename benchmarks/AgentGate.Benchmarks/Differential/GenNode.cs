using System.Text;

namespace AgentGate.Benchmarks.Differential;

/// <summary>An expression as text with holes for smaller expressions, so that a failure can be cut down piece by piece.</summary>
/// <param name="Level">How tightly it binds.</param>
/// <param name="Parts">The text around the holes, one more than there are holes.</param>
/// <param name="Children">What fills the holes, each with the least it must bind so that no parentheses are needed.</param>
internal sealed record GenNode(int Level, string[] Parts, params (GenNode Node, int Least)[] Children)
{
    public const int If = 0, Or = 1, And = 2, Relation = 3, Add = 4, Multiply = 5, Unary = 6, Member = 7;

    /// <summary>Parentheses although nothing needs them.</summary>
    public bool Wrapped { get; init; }

    /// <summary>The number of nodes.</summary>
    public int Size => 1 + Children.Sum(child => child.Node.Size);

    public static GenNode Leaf(string text, int level = Member) => new(level, [text]);

    /// <summary>All trees with one node fewer, or one made simpler: a hole's content in place of what surrounds it, or <c>true</c>.</summary>
    public IEnumerable<GenNode> Smaller()
    {
        if (Children.Length > 0 || Parts[0] is not ("true" or "false" or "1" or "\"\""))
        {
            foreach (var child in Children)
            {
                yield return child.Node;
            }

            yield return Leaf("true");
            yield return Leaf("1");
            yield return Leaf("\"\"");
        }

        if (Wrapped)
        {
            yield return this with { Wrapped = false };
        }

        for (var i = 0; i < Children.Length; i++)
        {
            foreach (var smaller in Children[i].Node.Smaller())
            {
                var children = ((GenNode, int)[])Children.Clone();
                children[i] = (smaller, Children[i].Least);
                yield return this with { Children = children };
            }
        }
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        Append(text, least: If);
        return text.ToString();
    }

    private void Append(StringBuilder text, int least)
    {
        var parentheses = Wrapped || Level < least;
        text.Append(parentheses ? "(" : "");
        for (var i = 0; i < Parts.Length; i++)
        {
            text.Append(Parts[i]);
            if (i < Children.Length)
            {
                Children[i].Node.Append(text, Children[i].Least);
            }
        }

        text.Append(parentheses ? ")" : "");
    }
}
