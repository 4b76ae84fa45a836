using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace TlsFront.Tests.Functional;

/// <summary>A watcher of the live page's events.</summary>
internal sealed class EventReader : IDisposable
{
    private readonly HttpClient _http;
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private EventReader(HttpClient http, HttpResponseMessage response, Stream body)
    {
        _http = http;
        _response = response;
        _lines = new StreamReader(body);
    }

    public HttpResponseMessage Response => _response;

    public HttpStatusCode Status => _response.StatusCode;

    /// <summary>Begins to watch.</summary>
    public static async Task<EventReader> OpenAsync(TestGateway gateway, string? token = null)
    {
        var http = new HttpClient();
        var address = gateway.Host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Last();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(address), "/api/v1/events"));
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new EventReader(http, response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The next event; null once the gateway ended the stream.</summary>
    public async Task<(string Name, string Data)?> NextAsync()
    {
        if (await LineAsync() is not { } name)
        {
            return null;
        }

        var data = await LineAsync();
        Assert.StartsWith("event: ", name, StringComparison.Ordinal);
        Assert.StartsWith("data: ", data, StringComparison.Ordinal);
        Assert.Equal("", await LineAsync());
        return (name["event: ".Length..], data!["data: ".Length..]);
    }

    /// <summary>Reads on to an event of that name for which <paramref name="wanted"/> holds.</summary>
    public async Task<JsonElement> UntilAsync(string name, Func<JsonElement, bool> wanted)
    {
        while (await NextAsync() is var (next, data))
        {
            if (next == name && JsonElement.Parse(data) is var document && wanted(document))
            {
                return document;
            }
        }

        throw new InvalidOperationException($"The stream ended before the {name} that was waited for came");
    }

    public void Dispose()
    {
        _lines.Dispose();
        _response.Dispose();
        _http.Dispose();
    }

    private Task<string?> LineAsync() => _lines.ReadLineAsync().WaitAsync(TestClient.Patience);
}
