namespace AgentGate.Integration.Tests.Matrix;

/// <summary>One endpoint, what it needs, and the one right answer to each caller who has it not.</summary>
/// <param name="Method">The method; <c>*</c> for any.</param>
/// <param name="Pattern">The route; with a <c>*</c> at its end, every route that begins so.</param>
/// <param name="Environment"><c>(dev)</c> for the development environment only, <c>(prod)</c> for any other only.</param>
/// <param name="Needs">A scope, and the words <c>user</c>, <c>caller</c>, <c>fresh</c>, <c>fresh-users</c> (keys pass), <c>operator</c>, <c>before-password</c>; or <c>anonymous</c>, <c>page</c> or <c>refused</c> alone.</param>
/// <param name="Anonymous">To nobody in particular.</param>
/// <param name="Role">To a user whose role has not the scope.</param>
/// <param name="Scope">To a key that has not the scope.</param>
/// <param name="Key">To a key that has it.</param>
/// <param name="Tenant">To a caller of another tenant: about a thing of this one, or at all.</param>
/// <param name="Expired">To a key, a token or a session that has expired.</param>
/// <param name="Revoked">To a key or a session that was revoked.</param>
/// <param name="Password">To a user who has to change the password first.</param>
/// <param name="Stale">To a user who proved itself eleven minutes ago.</param>
internal sealed record EndpointRow(
    string Method, string Pattern, string? Environment, string[] Needs,
    string Anonymous, string Role, string Scope, string Key, string Tenant, string Expired, string Revoked, string Password, string Stale)
{
    /// <summary>Does not apply.</summary>
    public const string None = "-";

    /// <summary>Goes on: the server refuses nothing and does not fail, and what the endpoint itself says to an empty request is its own matter, as long as it is no 401 and no 403.</summary>
    public const string Open = "open";

    private static readonly string[] s_words = ["user", "caller", "fresh", "fresh-users", "operator", "before-password", "anonymous", "page", "refused"];

    /// <summary>The scope it needs, if any.</summary>
    public string? ScopeName => Needs.FirstOrDefault(need => !s_words.Contains(need));

    public bool Has(string need) => Needs.Contains(need);

    /// <summary>Whether the row holds in an environment.</summary>
    public bool Holds(bool development) => Environment is null || Environment == (development ? "(dev)" : "(prod)");

    /// <summary>Whether the row is about an endpoint.</summary>
    public bool Fits(string method, string pattern)
        => (Method == "*" || Method == method)
            && (Pattern.EndsWith('*') ? pattern.StartsWith(Pattern[..^1], StringComparison.Ordinal) : Pattern == pattern);

    /// <summary>Reads the table: one row a line, columns divided by bars, <c>#</c> begins a remark. Throws where two rows say the same endpoint: one of them would not count.</summary>
    public static IReadOnlyList<EndpointRow> Read(string table)
    {
        EndpointRow[] rows = [.. table.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(Parse)];
        foreach (var same in rows.GroupBy(row => (row.Method, row.Pattern)).Where(same => same.Count() > 1))
        {
            if (same.Any(row => row.Environment is null) || same.DistinctBy(row => row.Environment).Count() < same.Count())
            {
                throw new FormatException($"Two rows for {same.Key.Method} {same.Key.Pattern}.");
            }
        }

        return rows;
    }

    /// <summary>The row of an endpoint as it would be by what the endpoint says of itself: to be read before it is put into the table.</summary>
    public static string Suggest(string method, string pattern, IEnumerable<string> needs, bool everyRole, bool developmentOnly)
    {
        var all = needs.ToArray();
        bool Has(string need) => all.Contains(need);
        var scoped = all.Any(need => !s_words.Contains(need));
        var id = pattern.Contains("id}", StringComparison.Ordinal);
        string[] statuses = Has("anonymous") ? [.. Enumerable.Repeat(Open, 9)]
            : Has("page") ? ["401", None, None, "401", None, "401", "401", None, None]
            : Has("refused") ? [.. Enumerable.Repeat("404", 9)]
            : ["401", scoped && !everyRole ? "403" : None, scoped ? "403" : None, Has("user") || Has("fresh") ? "403" : Open,
                Has("operator") ? "403" : id ? "404" : None, "401", "401", Has("before-password") ? Open : "403", Has("fresh") || Has("fresh-users") ? "401" : Open];
        return $"{method,-6} {pattern} {(developmentOnly ? "(dev)" : "")} | {string.Join(' ', all)} | {string.Join(" ", statuses)}";
    }

    private static EndpointRow Parse(string line)
    {
        var columns = line.Split('|', StringSplitOptions.TrimEntries);
        var (route, statuses) = (columns[0].Split(' ', StringSplitOptions.RemoveEmptyEntries), columns[2].Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.True(columns.Length == 3 && route.Length is 2 or 3 && statuses.Length == 9, $"No row: {line}");
        return new EndpointRow(
            route[0], route[1], route.ElementAtOrDefault(2), columns[1].Split(' ', StringSplitOptions.RemoveEmptyEntries),
            statuses[0], statuses[1], statuses[2], statuses[3], statuses[4], statuses[5], statuses[6], statuses[7], statuses[8]);
    }
}
