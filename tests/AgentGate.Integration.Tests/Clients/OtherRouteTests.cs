using System.ClientModel;
using Anthropic;
using Anthropic.Exceptions;
using Anthropic.Models.Messages;
using OpenAI;

namespace AgentGate.Integration.Tests.Clients;

public sealed class OtherRouteTests(ClientServer server) : IClassFixture<ClientServer>
{
    private OpenAIClient OpenAI => new(new ApiKeyCredential(server.Server.Key), new OpenAIClientOptions { Endpoint = new Uri(server.Server.Url + "/v1") });

    private AnthropicClient Anthropic => new() { BaseUrl = server.Server.Url, ApiKey = server.Server.Key };

    [Fact]
    public async Task Embeddings_are_made_of_tokens()
    {
        server.Server.Received.Clear();

        var embeddings = (await OpenAI.GetEmbeddingClient("demo-embed").GenerateEmbeddingsAsync(["My SSN is 123-45-6789", "Nothing here"])).Value;

        Assert.Equal(2, embeddings.Count);
        Assert.All(embeddings, embedding => Assert.False(embedding.ToFloats().IsEmpty));
        Assert.True(embeddings.Usage.InputTokenCount > 0);
        var left = Assert.Single(server.Left());
        Assert.Contains("SSN_1", left, StringComparison.Ordinal);
        Assert.DoesNotContain("123-45-6789", left, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Embeddings_of_token_ids_are_refused()
    {
        var refused = await Assert.ThrowsAsync<ClientResultException>(
            () => OpenAI.GetEmbeddingClient("demo-embed").GenerateEmbeddingsAsync([new ReadOnlyMemory<int>([1, 2, 3])]));

        Assert.Equal(400, refused.Status);
        Assert.Contains("AG1109", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counting_tokens_counts_what_would_leave()
    {
        server.Server.Received.Clear();

        var count = await Anthropic.Messages.CountTokens(
            new MessageCountTokensParams { Model = "demo-echo", Messages = [new UserMessageParam("My SSN is 123-45-6789")] });

        Assert.True(count.InputTokens > 0);
        Assert.DoesNotContain("123-45-6789", Assert.Single(server.Left()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAI_lists_models_and_finds_one()
    {
        var client = OpenAI.GetOpenAIModelClient();

        var models = (await client.GetModelsAsync()).Value;
        var one = (await client.GetModelAsync("demo-echo")).Value;

        Assert.Contains(models, model => model.Id == "demo-echo");
        Assert.Equal("demo-echo", one.Id);
        Assert.Equal(404, (await Assert.ThrowsAsync<ClientResultException>(() => client.GetModelAsync("nobody-9"))).Status);
    }

    [Fact]
    public async Task Anthropic_lists_models_and_finds_one()
    {
        var models = await Anthropic.Models.List();
        var one = await Anthropic.Models.Retrieve("demo-echo");

        Assert.Contains(models.Items, model => model.ID == "demo-echo");
        Assert.Equal("demo-echo", one.ID);
        Assert.False(models.HasNext());
        await Assert.ThrowsAsync<AnthropicNotFoundException>(() => Anthropic.Models.Retrieve("nobody-9"));
    }
}
