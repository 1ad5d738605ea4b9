using AgentGate.Audit;
using AgentGate.Kernel.Decisions;
using AgentGate.Kernel.Transparency;
using FsCheck.Xunit;

namespace AgentGate.Tests.Audit;

public sealed class AuditCsvTests
{
    [Theory]
    [InlineData("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0")]
    [InlineData("+1", "'+1")]
    [InlineData("-1", "'-1")]
    [InlineData("@SUM(A1)", "'@SUM(A1)")]
    [InlineData("\t=1", "'\t=1")]
    [InlineData("\r=1", "\"'\r=1\"")]
    [InlineData("=a,b", "\"'=a,b\"")]
    [InlineData("say \"x\"", "\"say \"\"x\"\"\"")]
    [InlineData("plain-text", "plain-text")]
    [InlineData(null, "")]
    public void A_cell_is_quoted_and_never_a_formula(string? text, string expected)
        => Assert.Equal(expected, AuditCsv.Cell(text));

    [Property]
    public void No_cell_starts_like_a_formula_and_each_stays_one_cell(string? text)
    {
        var cell = AuditCsv.Cell(text);
        var shown = cell.StartsWith('"') ? cell[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : cell;

        Assert.False(shown.Length > 0 && "=+-@\t\r".Contains(shown[0], StringComparison.Ordinal));
        Assert.True(shown == (text ?? string.Empty) || shown == "'" + text);
        Assert.True(cell.StartsWith('"') || !cell.AsSpan().ContainsAny("\",\r\n"));
    }

    [Fact]
    public void A_line_has_as_many_cells_as_the_header()
    {
        var body = new LogEntryBody { Id = "i", Kind = EntryKind.Intent, At = default, Tenant = "a", Resource = EntityRef.Tool("=x") };
        var line = AuditCsv.Line(new LogEntry(1, "k", body), new byte[32]);

        Assert.Equal(AuditCsv.Header.Split(',').Length, line.Split(',').Length);
        Assert.Contains(",'=x,", line, StringComparison.Ordinal);
    }
}
