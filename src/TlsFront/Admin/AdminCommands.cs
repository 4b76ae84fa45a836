using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using TlsFront.Backends;
using TlsFront.Configuration.Schema;
using TlsFront.Handover;

namespace TlsFront.Admin;

/// <summary>
/// <c>/api/v1/</c>: the status, and what an operator may tell the gateway to do. A field may be added to its documents, none changes or goes.
/// </summary>
internal sealed partial class AdminCommands(
    StatusReporter reporter, DestinationStates destinations, IGatewayControl control, ILogger<AdminCommands> logger)
{
    private static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] Write = [HttpMethods.Post];

    /// <summary>Over which sessions of a drained destination end: an hour is longer than most clients keep a connection anyway.</summary>
    private static readonly DurationType EvacuationTime = new(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods(
            "/api/v1/status", Read, context => AnswerAsync(context, reporter.Status(AdminGuard.IsTrusted(context)), AdminJson.Default.GatewayStatus));
        endpoints.MapMethods(
            "/api/v1/backends", Read, context => AnswerAsync(context, reporter.Backends(), AdminJson.Default.IReadOnlyListBackendStatus));
        endpoints.MapMethods("/api/v1/sessions", Read, ListAsync);
        endpoints.MapMethods("/api/v1/sessions/kick", Write, KickAsync);
        endpoints.MapMethods("/api/v1/drain", Write, DrainAsync);
        endpoints.MapMethods("/api/v1/upgrade", Write, UpgradeAsync);
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

    /// <summary>Who gave a command, for the log.</summary>
    public static string By(HttpContext context) =>
        context.Features.Get<LocalPeer>() is null ? $"{context.Connection.RemoteIpAddress}" : "the admin socket";

    private static SessionFilter? ReadFilter(HttpContext context, out string? problem)
    {
        var query = context.Request.Query;
        // A condition that was misspelt must not end more sessions than were meant.
        var unknown = query.Keys.FirstOrDefault(static key => key is not ("user" or "net" or "backend"));
        problem = $"there is no condition {unknown}; there are user, net and backend";
        return unknown is null ? SessionFilter.Parse(query["user"], query["net"], query["backend"], out problem) : null;
    }

    private Task ListAsync(HttpContext context)
    {
        // Other documents show no client; this one is for those who may also give commands.
        if (!AdminGuard.IsTrusted(context))
        {
            return AdminGuard.RefuseAsync(
                context, StatusCodes.Status403Forbidden, "sessions have names of users: ask over admin.socket, or with the token of admin.tokenFile");
        }

        return ReadFilter(context, out var problem) is { } filter
            ? AnswerAsync(context, control.Find(filter), AdminJson.Default.IReadOnlyListSessionStatus)
            : AdminGuard.RefuseAsync(context, StatusCodes.Status400BadRequest, problem!);
    }

    private Task KickAsync(HttpContext context)
    {
        if (ReadFilter(context, out var problem) is not { } filter)
        {
            return AdminGuard.RefuseAsync(context, StatusCodes.Status400BadRequest, problem!);
        }

        if (filter.IsEmpty)
        {
            return AdminGuard.RefuseAsync(context, StatusCodes.Status400BadRequest, "name a user, a net or a backend; to end all sessions, drain");
        }

        var ended = control.End(filter);
        Log.Kicked(logger, ended.Count, filter.User ?? "*", filter.Network?.ToString() ?? "any", filter.Backend ?? "*", By(context));
        return AnswerAsync(context, ended, AdminJson.Default.IReadOnlyListSessionStatus);
    }

    private Task DrainAsync(HttpContext context)
    {
        Log.Drain(logger, By(context));
        control.Drain();
        context.Response.StatusCode = StatusCodes.Status202Accepted;
        return AnswerAsync(context, reporter.Status(isTrusted: true), AdminJson.Default.GatewayStatus);
    }

    private async Task UpgradeAsync(HttpContext context)
    {
        Log.Upgrade(logger, By(context));
        try
        {
            await AnswerAsync(context, await control.UpgradeAsync(), AdminJson.Default.UpgradeStatus);
        }
        catch (HandoverException exception)
        {
            await AdminGuard.RefuseAsync(context, StatusCodes.Status409Conflict, $"not upgraded: {exception.Message}");
        }
    }

    /// <summary>
    /// Over which time a drain ends the destination's sessions; null if it lets them stay. False with what is wrong if that makes no sense.
    /// </summary>
    private static bool TryReadEnd(HttpContext context, bool isDrained, out TimeSpan? over, out string? problem)
    {
        var query = context.Request.Query;
        (over, problem) = (null, null);
        if (query.Keys.FirstOrDefault(key => !isDrained || key is not ("kick" or "over")) is { } unknown)
        {
            problem = $"{unknown} is no parameter here{(isDrained ? "; there are kick and over" : "")}";
        }
        else if ((string?)query["kick"] is { } kick and not ("true" or "false"))
        {
            problem = $"kick is {kick}; write true or false";
        }
        else if (query["kick"] == "true")
        {
            over = TimeSpan.Zero;
        }

        if (problem is null && (string?)query["over"] is { } text)
        {
            var isTime = EvacuationTime.TryParse(text, out var time, out var wrong);
            problem = over is null ? "over says how long ending sessions takes: it needs kick"
                : isTime ? null
                : $"over {wrong!.Message}; {wrong.Remedy}";
            over = time;
        }

        return problem is null;
    }

    private Task SetDrainedAsync(HttpContext context, bool isDrained)
    {
        if (!TryReadEnd(context, isDrained, out var over, out var problem))
        {
            return AdminGuard.RefuseAsync(context, StatusCodes.Status400BadRequest, problem!);
        }

        var backend = (string)context.GetRouteValue("backend")!;
        var address = (string?)context.GetRouteValue("destination");
        if (destinations.SetDrained(backend, address, isDrained) is not { } changed)
        {
            var known = reporter.Backends();
            return AdminGuard.RefuseAsync(context, StatusCodes.Status404NotFound, known.FirstOrDefault(status => status.Name == backend) is { } found
                ? $"backend {backend} has no such destination; it has "
                    + $"{string.Join(", ", found.Destinations.Select(destination => destination.Address))}"
                : $"there is no such backend; there are {string.Join(", ", known.Select(status => status.Name))}");
        }

        var ending = 0;
        foreach (var destination in changed)
        {
            // Told before it begins: it may be over at once, and that is told, too.
            var count = destination.Sessions;
            if (over is { } time)
            {
                ending += count;
                Log.Evacuated(logger, backend, destination.Address, count, time, By(context));
            }
            else if (isDrained)
            {
                Log.Drained(logger, backend, destination.Address, count, By(context));
            }
            else
            {
                Log.Resumed(logger, backend, destination.Address, By(context));
            }

            control.Evacuate(backend, destination, over);
        }

        var answer = reporter.Backends().Single(status => status.Name == backend) with { Ending = over is null ? null : ending };
        return AnswerAsync(context, answer, AdminJson.Default.BackendStatus);
    }

    private static partial class Log
    {
        [LoggerMessage(212, LogLevel.Information, "Told to drain and end, by {By}", EventName = "DrainCommanded")]
        public static partial void Drain(ILogger logger, string by);

        [LoggerMessage(223, LogLevel.Information, "Told to upgrade, by {By}", EventName = "UpgradeCommanded")]
        public static partial void Upgrade(ILogger logger, string by);

        [LoggerMessage(
            213, LogLevel.Information, "Backend {Backend}: destination {Destination} gets no new sessions, requested by {By}; it has {Sessions}",
            EventName = "DestinationDrained")]
        public static partial void Drained(ILogger logger, string backend, string destination, int sessions, string by);

        [LoggerMessage(
            222, LogLevel.Information,
            "Backend {Backend}: destination {Destination} gets no new sessions, and its {Sessions} end over {Over}, requested by {By}",
            EventName = "DestinationEvacuated")]
        public static partial void Evacuated(ILogger logger, string backend, string destination, int sessions, TimeSpan over, string by);

        [LoggerMessage(
            217, LogLevel.Information, "Ending {Count} sessions of user {User}, network {Network}, backend {Backend}, requested by {By}",
            EventName = "SessionsKicked")]
        public static partial void Kicked(ILogger logger, int count, string user, string network, string backend, string by);

        [LoggerMessage(
            214, LogLevel.Information, "Backend {Backend}: destination {Destination} gets sessions again, requested by {By}",
            EventName = "DestinationResumed")]
        public static partial void Resumed(ILogger logger, string backend, string destination, string by);
    }
}
