using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using TlsFront.Backends;

namespace TlsFront.Admin;

/// <summary><c>/api/v1/</c>: the status, and what an operator may tell the gateway to do. A field may be added to its documents, none changes or goes.</summary>
internal sealed partial class AdminCommands(StatusReporter reporter, DestinationStates destinations, IGatewayControl control, ILogger<AdminCommands> logger)
{
    private static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] Write = [HttpMethods.Post];

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods("/api/v1/status", Read, context => AnswerAsync(context, reporter.Status(AdminGuard.IsTrusted(context)), AdminJson.Default.GatewayStatus));
        endpoints.MapMethods("/api/v1/backends", Read, context => AnswerAsync(context, reporter.Backends(), AdminJson.Default.IReadOnlyListBackendStatus));
        endpoints.MapMethods("/api/v1/drain", Write, DrainAsync);
        endpoints.MapMethods("/api/v1/backends/{backend}/drain", Write, context => SetDrainedAsync(context, isDrained: true));
        endpoints.MapMethods("/api/v1/backends/{backend}/resume", Write, context => SetDrainedAsync(context, isDrained: false));
        endpoints.MapMethods("/api/v1/backends/{backend}/{destination}/drain", Write, context => SetDrainedAsync(context, isDrained: true));
        endpoints.MapMethods("/api/v1/backends/{backend}/{destination}/resume", Write, context => SetDrainedAsync(context, isDrained: false));
    }

    private static Task AnswerAsync<T>(HttpContext context, T document, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.Body, document, type, context.RequestAborted);
    }

    private static string By(HttpContext context) =>
        context.Features.Get<LocalPeer>() is null ? $"{context.Connection.RemoteIpAddress}" : "the admin socket";

    private Task DrainAsync(HttpContext context)
    {
        Log.Drain(logger, By(context));
        control.Drain();
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        return AnswerAsync(context, reporter.Status(isTrusted: true), AdminJson.Default.GatewayStatus);
    }

    private Task SetDrainedAsync(HttpContext context, bool isDrained)
    {
        var backend = (string)context.GetRouteValue("backend")!;
        var address = (string?)context.GetRouteValue("destination");
        if (destinations.SetDrained(backend, address, isDrained) is not { } changed)
        {
            var known = reporter.Backends();
            return AdminGuard.RefuseAsync(context, StatusCodes.Status404NotFound, known.FirstOrDefault(status => status.Name == backend) is { } found
                ? $"backend {backend} has no such destination; it has {string.Join(", ", found.Destinations.Select(destination => destination.Address))}"
                : $"there is no such backend; there are {string.Join(", ", known.Select(status => status.Name))}");
        }

        foreach (var destination in changed)
        {
            if (isDrained)
            {
                Log.Drained(logger, backend, destination.Address, destination.Sessions, By(context));
            }
            else
            {
                Log.Resumed(logger, backend, destination.Address, By(context));
            }
        }

        return AnswerAsync(context, reporter.Backends().Single(status => status.Name == backend), AdminJson.Default.BackendStatus);
    }

    private static partial class Log
    {
        [LoggerMessage(212, LogLevel.Information, "Told to drain and end, by {By}", EventName = "DrainCommanded")]
        public static partial void Drain(ILogger logger, string by);

        [LoggerMessage(213, LogLevel.Information, "Backend {Backend}: destination {Destination} gets no new sessions, told by {By}; it has {Sessions}", EventName = "DestinationDrained")]
        public static partial void Drained(ILogger logger, string backend, string destination, int sessions, string by);

        [LoggerMessage(214, LogLevel.Information, "Backend {Backend}: destination {Destination} gets sessions again, told by {By}", EventName = "DestinationResumed")]
        public static partial void Resumed(ILogger logger, string backend, string destination, string by);
    }
}
