using System.Net;
using TlsFront.Configuration;

namespace TlsFront.Admin;

/// <summary>
/// Who may do what at the admin endpoint. On the Unix socket everything: the kernel admitted the client. Over TCP reading is free and commands need
/// the token. A browser is nobody's proxy here: a page of another site can neither send a command, which takes a content type that forms cannot have
/// and scripts are first asked about, nor read anything under a name of its own that it lets point to this machine.
/// </summary>
internal sealed partial class AdminGuard(SettingsStore settings, AdminToken token, TimeProvider time, ILogger<AdminGuard> logger)
{
    private const string Json = "application/json";

    /// <summary>Time between two log lines about refused tokens, so that guessing does not fill the log.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private long _reported;

    /// <summary>Whether the request may see and do everything.</summary>
    public static bool IsTrusted(HttpContext context) => context.Items.ContainsKey(typeof(AdminGuard));

    /// <summary>Lets a request pass, or answers it.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.CacheControl = "no-store";
        if (context.Features.Get<LocalPeer>() is not null || token.Matches(context.Request.Headers.Authorization, out var problem))
        {
            context.Items[typeof(AdminGuard)] = true;
        }
        else if (context.Request.Headers.Authorization.Count > 0)
        {
            Report(context, problem);
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, "the token is not that of admin.tokenFile");
            return;
        }

        // Whatever address it came to: a browser on the inside reaches what the author of the page that it shows cannot.
        if (!IsTrusted(context) && !IsOurs(context.Request.Host.Host))
        {
            await RefuseAsync(
                context, StatusCodes.Status421MisdirectedRequest,
                "ask by the address of this machine, localhost, the configured hostname or a name of admin.hostNames");
            return;
        }

        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) && await RefuseCommandAsync(context))
        {
            return;
        }

        await next(context);
    }

    /// <summary>Answers with one line of text.</summary>
    public static Task RefuseAsync(HttpContext context, int status, string words)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(words + "\n");
    }

    private async Task<bool> RefuseCommandAsync(HttpContext context)
    {
        if (!IsTrusted(context))
        {
            await (token.IsConfigured
                ? RefuseAsync(context, StatusCodes.Status401Unauthorized, "commands need the token of admin.tokenFile: Authorization: Bearer TOKEN")
                : RefuseAsync(context, StatusCodes.Status403Forbidden, "commands over TCP are off: set admin.tokenFile, or use admin.socket"));
            return true;
        }

        var type = context.Request.ContentType;
        if (type is null
            || !type.AsSpan(0, type.IndexOf(';', StringComparison.Ordinal) is var end and >= 0 ? end : type.Length)
                .Trim().Equals(Json, StringComparison.OrdinalIgnoreCase))
        {
            await RefuseAsync(context, StatusCodes.Status415UnsupportedMediaType, $"commands have Content-Type: {Json}");
            return true;
        }

        return false;
    }

    /// <summary>An address is where the client really went; a name may be anybody's. No name at all is no browser's.</summary>
    private bool IsOurs(string host) =>
        host.Length == 0
        || IPAddress.TryParse(host.Trim('[', ']'), out _)
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.Equals(settings.Current.HostName, StringComparison.OrdinalIgnoreCase)
        || host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase)
        || settings.Current.Admin.HostNames.Contains(host, StringComparer.OrdinalIgnoreCase);

    private void Report(HttpContext context, string? problem)
    {
        var reported = Volatile.Read(ref _reported);
        var now = time.GetTimestamp();
        if ((reported == 0 || time.GetElapsedTime(reported, now) >= Quiet) && Interlocked.CompareExchange(ref _reported, now, reported) == reported)
        {
            if (problem is null)
            {
                Log.Refused(logger, context.Connection.RemoteIpAddress);
            }
            else
            {
                Log.Unusable(logger, problem);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            210, LogLevel.Warning, "Admin endpoint: {Client} has a wrong token; further occurrences are logged at most every ten seconds",
            EventName = "AdminTokenRefused")]
        public static partial void Refused(ILogger logger, IPAddress? client);

        [LoggerMessage(211, LogLevel.Error, "Admin endpoint: no token is accepted: {Problem}", EventName = "AdminTokenUnusable")]
        public static partial void Unusable(ILogger logger, string problem);
    }
}
