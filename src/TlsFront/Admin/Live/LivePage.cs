using System.Security.Cryptography;
using System.Text;

namespace TlsFront.Admin.Live;

/// <summary>
/// <c>/</c>: the live page, one document with its styles and scripts in it, and a policy by which a browser runs these and nothing else, connects to
/// the gateway and nowhere else, and lets no other page frame it.
/// </summary>
internal sealed class LivePage
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>In the order they need each other.</summary>
    private static readonly string[] Scripts = ["dom.js", "stream.js", "plots.js", "page.js", "migration.js", "start.js"];

    private readonly byte[] _document;

    public LivePage()
    {
        string[] styles = [Read("uPlot.min.css"), Read("page.css")];
        string[] scripts = [Read("uPlot.iife.min.js"), .. Scripts.Select(Read)];
        var document = Read("page.html")
            .Replace("<!-- licence -->", $"<!-- uPlot:\n{Read("uPlot.LICENSE")}-->", StringComparison.Ordinal)
            .Replace("<!-- styles -->", Elements("style", styles), StringComparison.Ordinal)
            .Replace("<!-- scripts -->", Elements("script", scripts), StringComparison.Ordinal);
        _document = Encoding.UTF8.GetBytes(document);
        Policy = string.Join("; ",
            "default-src 'none'",
            $"script-src {Hashes(scripts)}",
            $"style-src {Hashes(styles)}",
            "img-src data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors 'none'",
            // No text becomes markup, whatever a script tries.
            "require-trusted-types-for 'script'",
            "trusted-types 'none'");
    }

    /// <summary>The Content-Security-Policy: scripts and styles by their hashes.</summary>
    public string Policy { get; }

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapMethods("/", Methods, (RequestDelegate)AnswerAsync);

    private static string Elements(string name, IEnumerable<string> contents) =>
        string.Join('\n', contents.Select(content => $"<{name}>{content}</{name}>"));

    private static string Hashes(IEnumerable<string> contents) =>
        string.Join(' ', contents.Select(static content => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(content)))}'"));

    private static string Read(string name)
    {
        using var reader = new StreamReader(typeof(LivePage).Assembly.GetManifestResourceStream($"page/{name}")!, Encoding.UTF8);

        // As browsers normalise it before they hash it.
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    private Task AnswerAsync(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.ContentLength = _document.Length;
        return HttpMethods.IsHead(context.Request.Method)
            ? Task.CompletedTask
            : context.Response.Body.WriteAsync(_document, context.RequestAborted).AsTask();
    }
}
