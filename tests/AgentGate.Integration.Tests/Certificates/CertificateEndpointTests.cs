using System.Net;
using System.Text;
using AgentGate.Client;
using AgentGate.Diagnostics;
using AgentGate.Identity;
using AgentGate.Integration.Tests.Identity;
using AgentGate.Integration.Tests.Security;
using AgentGate.Keys;
using AgentGate.Kernel.Certificates;
using AgentGate.Pipeline;
using AgentGate.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Door = AgentGate.Integration.Tests.Security.Doors;

namespace AgentGate.Integration.Tests.Certificates;

/// <summary>Reading certificates over HTTP, having them verified, and erasing what they rest on.</summary>
public sealed class CertificateEndpointTests
{
    [Fact]
    public async Task A_certificate_is_found_by_its_hashes_counted_and_verified_on_the_server()
    {
        await using var server = await CertificateServer.StartAsync();
        var (_, first) = await server.AskAsync(Door.Chat, Door.Body(Door.Chat));
        await server.AskAsync(Door.Chat, Door.Body(Door.Chat, "'; DROP TABLE users; --"));

        Assert.Equal(first.DecisionId, Assert.Single((await server.Client.LookUpCertificatesAsync("alpha_hash", first.AlphaHash!)).Certificates).DecisionId);
        Assert.Equal(2, (await server.Client.LookUpCertificatesAsync("gamma_hash", first.GammaHash!)).Certificates.Count);
        Assert.Single((await server.Client.LookUpCertificatesAsync("theorem_hash", first.TheoremHash, limit: 1)).Certificates);

        var stats = await server.Client.ReadCertificateStatsAsync();
        Assert.Equal((2, 2, 1, 1), (stats.Total, stats.ByResult["ADMISSIBLE"], stats.ByDecision["allow"], stats.ByDecision["deny"]));

        var verified = await server.Client.VerifyCertificateAsync(first.DecisionId);
        Assert.True(verified.Valid);
        Assert.Contains(verified.Steps, step => step is { Step: "theorem", Outcome: "ok" });
        Assert.Contains(await server.Server.LogAsync(), entry => entry is { Action: "certificate.verify", Detail: "valid" });
    }

    [Fact]
    public async Task Nothing_of_another_tenant_is_there_and_unknown_ids_are_not_found()
    {
        await using var server = await CertificateServer.StartAsync();
        var (_, certificate) = await server.AskAsync(Door.Chat, Door.Body(Door.Chat));
        var key = await server.Server.App.Services.GetRequiredService<ApiKeyService>().CreateAsync(
            new NewApiKey { Tenant = "other", Name = "other", PrincipalId = "agent_other", Scopes = [Scopes.CertificatesRead] }, CancellationToken.None);
        using var http = new HttpClient { BaseAddress = new Uri(server.Server.Url) };
        http.DefaultRequestHeaders.Add("Authorization", "Bearer " + key.Text);
        var other = new AgentGateClient(http);

        Assert.Null(await other.ReadCertificateAsync(certificate.DecisionId));
        Assert.Null(await other.ReadBundleAsync(certificate.DecisionId));
        Assert.Empty((await other.LookUpCertificatesAsync("alpha_hash", certificate.AlphaHash!)).Certificates);
        Assert.Equal(0, (await other.ReadCertificateStatsAsync()).Total);
        var refused = await Assert.ThrowsAsync<AgentGateApiException>(() => other.VerifyCertificateAsync(certificate.DecisionId));
        Assert.Equal(HttpStatusCode.NotFound, refused.Status);
        Assert.Null(await server.Client.ReadCertificateAsync("0197-nobody"));
    }

    [Theory]
    [InlineData("/api/security/certificates/lookup")]
    [InlineData("/api/security/certificates/lookup?alpha_hash=a&gamma_hash=b")]
    [InlineData("/api/security/certificates/lookup?alpha_hash=a&limit=201")]
    [InlineData("/api/security/certificates/stats?hours=721")]
    public async Task What_cannot_be_asked_is_refused_by_name(string path)
    {
        await using var server = await CertificateServer.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, (await server.Server.Http.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task Erasing_a_principal_leaves_neither_salt_nor_value_anywhere_in_the_database()
    {
        await using var server = await CertificateServer.StartAsync();
        var (_, certificate) = await server.AskAsync(Door.Chat, Door.Body(Door.Chat, "My SSN is 123-45-6789"));
        var bundle = (await server.Client.ReadBundleAsync(certificate.DecisionId))!;
        var alphaSalt = System.Text.Json.Nodes.JsonNode.Parse(bundle)!["alpha"]!["salt"]!.GetValue<string>();
        var traces = server.Server.App.Services.GetRequiredService<AgentGate.Traces.ITraceStore>();
        var contentSalt = (await traces.FindAsync("default", certificate.CallId, CancellationToken.None))!.Salt!;
        Assert.Equal((64, 64), (alphaSalt.Length, contentSalt.Length));

        // The salt of the content lies in the trace until it is erased; the one of α never lies anywhere in clear.
        Assert.True(Holds(server.Server, contentSalt));
        Assert.False(Holds(server.Server, alphaSalt));

        var (_, admin) = await server.Server.PersonAsync(Roles.Admin);
        using var erased = await admin.DeleteAsync("/api/security/evidence/subjects/agent_demo");
        Assert.Equal(HttpStatusCode.OK, erased.StatusCode);

        Assert.False(Holds(server.Server, contentSalt));
        Assert.False(Holds(server.Server, alphaSalt));
        Assert.False(Holds(server.Server, "123-45-6789"));
        Assert.False(Holds(server.Server, "123456789"));
        var report = await server.VerifyAsync(certificate.DecisionId);
        Assert.True(report.Valid, string.Join('\n', report.Steps.Select(step => $"{step.Name}: {step.Outcome} {step.Explanation}")));
        Assert.True(report.Erased);
        Assert.False(report.ReExecuted);
        Assert.Contains(await server.Server.LogAsync(), entry => entry is { Action: "evidence.erase", Resource.Id: "agent_demo" });

        // What comes after is proved again, under a key of its own.
        var (_, next) = await server.AskAsync(Door.Chat, Door.Body(Door.Chat));
        Assert.Equal(StepOutcome.Ok, (await server.VerifyAsync(next.DecisionId)).Steps.Single(step => step.Name == VerificationSteps.Theorem).Outcome);
    }

    [Fact]
    public async Task Erasing_needs_a_person_who_may_and_somebody_to_erase()
    {
        await using var server = await CertificateServer.StartAsync();
        Assert.Equal(HttpStatusCode.Forbidden, (await server.Server.Http.DeleteAsync("/api/security/evidence/subjects/agent_demo")).StatusCode);
        using var key = server.Server.Client(await server.Server.CreateKeyAsync("agent_eraser", Scopes.EvidenceErase));
        var (status, code, _) = await key.AskAsync("DELETE", "/api/security/evidence/subjects/agent_demo");
        Assert.Equal((403, Codes.UserNeeded), (status, code));
        var (_, http) = await server.Server.PersonAsync(Roles.Admin);
        var response = await http.DeleteAsync("/api/security/evidence/subjects/nobody");
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains(Codes.CertificateNotFound, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evidence_that_was_moved_to_another_decision_is_not_read()
    {
        await using var server = await CertificateServer.StartAsync();
        var (_, first) = await server.AskAsync(Door.Chat, Door.Body(Door.Chat));
        var (_, second) = await server.AskAsync(Door.Chat, Door.Body(Door.Chat, "another"));
        using (var connection = server.Server.App.Services.GetRequiredService<SqliteDatabase>().Open())
        {
            using var command = connection.CreateCommand();
            command.CommandText = "UPDATE evidence SET ciphertext = (SELECT ciphertext FROM evidence WHERE decision_id = $other) WHERE decision_id = $id";
            command.Parameters.AddWithValue("$id", first.DecisionId);
            command.Parameters.AddWithValue("$other", second.DecisionId);
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        var response = await server.Server.Http.GetAsync($"/api/security/certificates/{first.DecisionId}/bundle");
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains(Codes.EvidenceIntegrity, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    /// <summary>Whether a text, as it is or as the bytes it spells in hex, stands in any cell of any table or in the files themselves.</summary>
    private static bool Holds(GatewayServer server, string text)
    {
        List<byte[]> forms = [Encoding.UTF8.GetBytes(text)];
        if (text.Length == 64)
        {
            forms.Add(Convert.FromHexString(text));
        }

        var database = server.App.Services.GetRequiredService<SqliteDatabase>();
        using var connection = database.Open();
        foreach (var table in Column(connection, "SELECT name FROM sqlite_master WHERE type = 'table'").Select(static name => Encoding.UTF8.GetString(name)).ToList())
        {
            foreach (var column in Column(connection, $"SELECT name FROM pragma_table_info('{table}')").Select(static name => Encoding.UTF8.GetString(name)).ToList())
            {
                if (Column(connection, $"SELECT CAST(\"{column}\" AS BLOB) FROM \"{table}\" WHERE \"{column}\" IS NOT NULL").Any(cell => forms.Any(form => cell.AsSpan().IndexOf(form) >= 0)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static IEnumerable<byte[]> Column(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return reader.GetFieldValue<byte[]>(0);
        }
    }
}
