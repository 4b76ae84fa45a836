using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using TlsFront.Configuration;
using TlsFront.Configuration.Schema;
using TlsFront.Routing;

namespace TlsFront.Admin;

/// <summary><c>/api/v1/users</c>: whose logins wait, and who goes elsewhere than routes and maps say.</summary>
internal sealed partial class UserCommands(UserOverrides overrides, SettingsStore settings, ILogger<UserCommands> logger)
{
    private const string Path = "/api/v1/users";

    private static readonly string[] Read = [HttpMethods.Get, HttpMethods.Head];
    private static readonly string[] Write = [HttpMethods.Post];
    private static readonly DurationType HoldLength = new(UserOverrides.ShortestHold, UserOverrides.LongestHold);

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapMethods(Path, Read, ListAsync);
        endpoints.MapMethods($"{Path}/hold", Write, HoldAsync);
        endpoints.MapMethods($"{Path}/release", Write, ReleaseAsync);
        endpoints.MapMethods($"{Path}/move", Write, MoveAsync);
        endpoints.MapMethods($"{Path}/unmove", Write, UnmoveAsync);
    }

    private static Task AnswerAsync<T>(HttpContext context, T document, JsonTypeInfo<T> type)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(context.Response.Body, document, type, context.RequestAborted);
    }

    private static Task AnswerAsync(HttpContext context, UserOverride document) => AnswerAsync(context, document, AdminJson.Default.UserOverride);

    private static Task RefuseAsync(HttpContext context, string words, int status = StatusCodes.Status400BadRequest) =>
        AdminGuard.RefuseAsync(context, status, words);

    private static Task RefuseFullAsync(HttpContext context) => RefuseAsync(
        context,
        $"{UserOverrides.MaxUsers} users are held or moved already: release or unmove some, or write the moves into the user map",
        StatusCodes.Status409Conflict);

    private static string By(HttpContext context) => AdminCommands.By(context);

    /// <summary>The user of a request, which has no other parameters than <paramref name="others"/>; null with what is wrong.</summary>
    private static string? ReadUser(HttpContext context, out string problem, params string[] others)
    {
        var query = context.Request.Query;
        if (query.FirstOrDefault(pair => (pair.Key != "user" && !others.Contains(pair.Key)) || pair.Value.Count != 1) is { Key: { } wrong })
        {
            problem = $"{wrong} is no parameter here, or is given twice; there are {string.Join(", ", others.Prepend("user"))}";
            return null;
        }

        var user = (string?)query["user"] ?? "";
        problem = $"user {UserOverrides.Check(user)}";
        return UserOverrides.Check(user) is null ? user : null;
    }

    private Task ListAsync(HttpContext context) => AdminGuard.IsTrusted(context)
        ? AnswerAsync(context, overrides.All, AdminJson.Default.IReadOnlyListUserOverride)
        : RefuseAsync(
            context, "this shows names of users: ask over admin.socket, or with the token of admin.tokenFile", StatusCodes.Status403Forbidden);

    private Task HoldAsync(HttpContext context)
    {
        if (ReadUser(context, out var problem, "for") is not { } user)
        {
            return RefuseAsync(context, problem);
        }

        var length = UserOverrides.DefaultHold;
        if ((string?)context.Request.Query["for"] is { } text && !HoldLength.TryParse(text, out length, out var wrong))
        {
            return RefuseAsync(context, $"the time of a hold {wrong.Message}; {wrong.Remedy}");
        }

        var now = settings.Current;
        if (!now.Listeners.Any(now.HoldsLogins))
        {
            return RefuseAsync(context, MoveTarget.NoneHoldsLogins, StatusCodes.Status409Conflict);
        }

        if (overrides.Hold(user, length) is not { } held)
        {
            return RefuseFullAsync(context);
        }

        Log.Held(logger, held.User, length, By(context));
        return AnswerAsync(context, held);
    }

    private Task ReleaseAsync(HttpContext context)
    {
        if (ReadUser(context, out var problem) is not { } user)
        {
            return RefuseAsync(context, problem);
        }

        if (overrides.Release(user) is not { } released)
        {
            return RefuseAsync(context, $"logins of {user} are not held, or their time is over", StatusCodes.Status404NotFound);
        }

        Log.Released(logger, released.User, released.Waiting, By(context));
        return AnswerAsync(context, released);
    }

    private Task MoveAsync(HttpContext context)
    {
        if (ReadUser(context, out var problem, "to", "protocol") is not { } user)
        {
            return RefuseAsync(context, problem);
        }

        if (context.Request.Query["to"] is not [{ Length: > 0 } target])
        {
            return RefuseAsync(context, "say where to: to=BACKEND or to=BACKEND:HOST:PORT");
        }

        var moves = MoveTarget.Find(settings.Current, target, context.Request.Query["protocol"], out var wrong);
        if (moves.Count == 0)
        {
            return RefuseAsync(context, wrong!);
        }

        if (overrides.Move(user, moves) is not { } moved)
        {
            return RefuseFullAsync(context);
        }

        foreach (var move in moves)
        {
            Log.Moved(logger, moved.User, move.Target, move.Protocol, By(context));
        }

        return AnswerAsync(context, moved);
    }

    private Task UnmoveAsync(HttpContext context)
    {
        if (ReadUser(context, out var problem) is not { } user)
        {
            return RefuseAsync(context, problem);
        }

        if (overrides.Unmove(user) is not { } left)
        {
            return RefuseAsync(context, $"{user} is not moved", StatusCodes.Status404NotFound);
        }

        Log.Unmoved(logger, left.User, By(context));
        return AnswerAsync(context, left);
    }

    private static partial class Log
    {
        [LoggerMessage(218, LogLevel.Information, "Holding logins of user {User} for up to {Length}, requested by {By}", EventName = "UserHeld")]
        public static partial void Held(ILogger logger, string user, TimeSpan length, string by);

        [LoggerMessage(
            219, LogLevel.Information, "Released logins of user {User}, {Waiting} of them waiting, requested by {By}", EventName = "UserReleased")]
        public static partial void Released(ILogger logger, string user, int waiting, string by);

        [LoggerMessage(220, LogLevel.Information, "Moved user {User} to {Target} for {Protocol}, requested by {By}", EventName = "UserMoved")]
        public static partial void Moved(ILogger logger, string user, string target, string protocol, string by);

        [LoggerMessage(
            221, LogLevel.Information, "Routing user {User} by routes and maps again, requested by {By}", EventName = "UserUnmoved")]
        public static partial void Unmoved(ILogger logger, string user, string by);
    }
}
