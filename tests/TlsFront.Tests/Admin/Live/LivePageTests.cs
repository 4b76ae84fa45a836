using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Admin.Live;

/// <summary>The document at <c>/</c>, as the gateway answers it.</summary>
public sealed class LivePageTests : IAsyncLifetime, IDisposable
{
    private readonly HttpClient _http = new();
    private TestGateway _gateway = null!;

    public async Task InitializeAsync()
    {
        _gateway = await TestGateway.StartAsync();
        _http.BaseAddress = new Uri(
            _gateway.Host.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Last());
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Its_policy_allows_what_is_in_it_and_nothing_else()
    {
        using var response = await _http.GetAsync(new Uri("/", UriKind.Relative));
        var page = await response.Content.ReadAsStringAsync();
        var policy = response.Headers.GetValues("Content-Security-Policy")
            .Single()
            .Split("; ")
            .Select(directive => directive.Split(' ', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal(Hashes(page, "script"), policy["script-src"]);
        Assert.Equal(Hashes(page, "style"), policy["style-src"]);
        Assert.Equal("'self'", policy["connect-src"]);
        Assert.Equal("data:", policy["img-src"]);
        Assert.Equal("'script'", policy["require-trusted-types-for"]);
        Assert.All(
            ["default-src", "base-uri", "form-action", "frame-ancestors", "trusted-types"], directive => Assert.Equal("'none'", policy[directive]));
        Assert.Equal(10, policy.Count);
    }

    [Fact]
    public async Task It_is_neither_stored_nor_sniffed_nor_told_to_others()
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, new Uri("/", UriKind.Relative));
        using var response = await _http.SendAsync(request);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("same-origin", response.Headers.GetValues("Cross-Origin-Resource-Policy").Single());
        Assert.True(response.Content.Headers.ContentLength > 50_000);
        Assert.Empty(await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task It_is_one_document_that_asks_for_nothing_elsewhere()
    {
        var page = await _http.GetStringAsync(new Uri("/", UriKind.Relative));
        var markup = Regex.Replace(page, "<(script|style)>.*?</\\1>", "", RegexOptions.Singleline);

        // The icon's name space and the licence's home page are no requests.
        Assert.DoesNotMatch("(src|href)=['\"]?(https?:)?//", markup);
        Assert.DoesNotMatch("\\s(on[a-z]+|style)=", markup);
        Assert.DoesNotMatch("@import|url\\(", page);
        Assert.DoesNotMatch("innerHTML|outerHTML|insertAdjacentHTML|document\\.write|\\beval\\(|new Function", page);
        Assert.Contains("Copyright (c) 2022 Leon Sorokin", markup, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/index.html")]
    [InlineData("/page.js")]
    [InlineData("/favicon.ico")]
    public async Task There_is_no_other_file(string path) => Assert.Equal(HttpStatusCode.NotFound, await _gateway.GetAsync(path));

    private static string Hashes(string page, string element) =>
        string.Join(' ', Regex.Matches(page, $"<{element}>(.*?)</{element}>", RegexOptions.Singleline)
        .Select(match => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(match.Groups[1].Value)))}'"));
}
