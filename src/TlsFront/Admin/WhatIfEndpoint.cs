using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using TlsFront.Configuration;
using TlsFront.Configuration.Reading;
using TlsFront.Inventory;
using TlsFront.Migration;

namespace TlsFront.Admin;

/// <summary>
/// <c>POST /api/v1/migration/what-if</c>: replays recorded logins against policies that are sent along. It changes nothing, and the policies may be a
/// stranger's that somebody was talked into pasting: they are read without files, and one replay runs at a time, on a thread of its own.
/// </summary>
/// <param name="settings">The settings in force, which are those of the replay but for the policies.</param>
/// <param name="time">The clock.</param>
/// <param name="lifetime">A replay ends with the process.</param>
/// <param name="turn">Without it nothing is replayed.</param>
/// <param name="logger">Told who asked.</param>
/// <param name="store">The inventory; null where none is kept.</param>
internal sealed partial class WhatIfEndpoint(
    SettingsStore settings, TimeProvider time, IHostApplicationLifetime lifetime, InventoryTurn turn, ILogger<WhatIfEndpoint> logger,
    InventoryStore? store = null)
{
    /// <summary>Longest request, 64 KiB: many times what policies take.</summary>
    public const int MaximumSize = 64 * 1024;

    /// <summary>Most days that are replayed; the inventory keeps 180 unless it is told otherwise.</summary>
    private const int MostDays = 366;

    /// <summary>Problems that are told: who has more mends these first.</summary>
    private const int MostProblems = 20;

    /// <summary>Longest time for a request.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private int _isReplaying;

    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPost("/api/v1/migration/what-if", (RequestDelegate)InvokeAsync);

    /// <summary>Answers a request.</summary>
    public async Task InvokeAsync(HttpContext context)
    {
        using var deadline = new CancellationTokenSource(Longest, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(
            deadline.Token, context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            await AnswerAsync(context, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            await (lifetime.ApplicationStopping.IsCancellationRequested
                ? RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "the gateway stops")
                : RefuseAsync(
                    context, StatusCodes.Status504GatewayTimeout,
                    $"it takes longer than {Longest.TotalSeconds:0} s: ask for fewer days, or fewer policies"));
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            // What a database says may be anything.
            Log.Failed(logger, exception);
            await RefuseAsync(context, StatusCodes.Status500InternalServerError, "see the log for event WhatIfFailed");
        }
    }

    /// <summary>Of an answer that has begun, only its end can say that it is none.</summary>
    private static Task RefuseAsync(HttpContext context, int status, string words)
    {
        if (!context.Response.HasStarted)
        {
            return AdminGuard.RefuseAsync(context, status, words);
        }

        context.Abort();
        return Task.CompletedTask;
    }

    private async Task<WhatIfRequest?> ReadAsync(HttpContext context, CancellationToken stop)
    {
        context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize = MaximumSize;
        try
        {
            var request = await JsonSerializer.DeserializeAsync(context.Request.Body, AdminJson.Default.WhatIfRequest, stop);
            if (request is { Policies: not null, Days: >= 1 and <= MostDays })
            {
                return request;
            }

            await RefuseAsync(context, StatusCodes.Status400BadRequest, $"send policies, in YAML, and days, 1 to {MostDays}");
        }
        catch (JsonException)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "the request is not JSON such as {\"policies\": \"...\", \"days\": 14}");
        }
        catch (BadHttpRequestException exception)
        {
            await RefuseAsync(
                context, exception.StatusCode,
                exception.StatusCode == StatusCodes.Status413PayloadTooLarge
                    ? $"policies are more than {MaximumSize / 1024} KiB: try fewer at a time"
                    : "the request came too slowly, or not to its end");
        }
        catch (OperationCanceledException)
            when (!context.RequestAborted.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested)
        {
            await RefuseAsync(
                context, StatusCodes.Status408RequestTimeout, $"the request came too slowly: it took more than {Longest.TotalSeconds:0} s");
        }

        return null;
    }

    private async Task AnswerAsync(HttpContext context, CancellationToken stop)
    {
        if (store is null)
        {
            await RefuseAsync(
                context, StatusCodes.Status409Conflict, "no logins are recorded to replay: set inventory.path, or inventory.postgres");
            return;
        }

        if (await ReadAsync(context, stop) is not { } request)
        {
            return;
        }

        if (Interlocked.Exchange(ref _isReplaying, 1) == 1)
        {
            context.Response.Headers.RetryAfter = "5";
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, "another replay runs: try again in a moment");
            return;
        }

        var replay = await BeginAsync(request, store, stop);
        var (status, problem, answer) = await replay.WaitAsync(stop);
        if (answer is null)
        {
            await RefuseAsync(context, status, problem!);
            return;
        }

        Log.Replayed(logger, answer.Logins, AdminCommands.By(context));
        context.Response.ContentType = "application/json; charset=utf-8";
        await JsonSerializer.SerializeAsync(context.Response.Body, answer, AdminJson.Default.WhatIfAnswer, stop);
    }

    /// <summary>
    /// Begins to replay, once the live page has read. The thread may outlast the request, in a call to the database; the next replay waits for it.
    /// </summary>
    private async Task<Task<(int Status, string? Problem, WhatIfAnswer? Answer)>> BeginAsync(
        WhatIfRequest request, InventoryStore inventory, CancellationToken stop)
    {
        var hasTurn = false;
        try
        {
            await turn.TakeAsync(stop);
            hasTurn = true;
            return Task.Factory.StartNew(
                () =>
                {
                    try
                    {
                        return Replay(request, inventory, stop);
                    }
                    finally
                    {
                        End(hasTurn: true);
                    }
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        catch
        {
            End(hasTurn);
            throw;
        }
    }

    private void End(bool hasTurn)
    {
        if (hasTurn)
        {
            turn.Return();
        }

        Volatile.Write(ref _isReplaying, 0);
    }

    private (int Status, string? Problem, WhatIfAnswer? Answer) Replay(WhatIfRequest request, InventoryStore inventory, CancellationToken stop)
    {
        var current = settings.Current;
        var result = PolicyText.Read(Encoding.UTF8.GetBytes(request.Policies!), current);
        if (result.Settings is not { } other)
        {
            return (StatusCodes.Status400BadRequest, string.Join('\n', Told(result.Problems)), null);
        }

        var now = time.GetUtcNow();
        var since = now.AddDays(-request.Days);
        var filter = new UsageFilter(since, null, null, null, null);
        var whatIf = new WhatIf(other, result.Policies, request.At ?? now);
        try
        {
            var outcomes = whatIf.Replay(new InventoryReader(inventory, stop).Logins(since).Where(filter.IsInTime));
            var holding = other.Listeners.Where(listener => other.HoldsLogins(listener) && !current.HoldsLogins(listener));
            return (
                StatusCodes.Status200OK, null,
                WhatIfAnswer.Of(
                    whatIf.Replayed, outcomes, [.. holding.Select(static listener => listener.Name)],
                    [.. whatIf.Idle, .. whatIf.Doubts, .. Told(result.Problems)]));
        }
        catch (Exception exception) when (InventoryStore.IsOfStore(exception))
        {
            return (StatusCodes.Status503ServiceUnavailable, $"{inventory.Name}: {inventory.WordsOf(exception)}", null);
        }
    }

    private static IEnumerable<string> Told(IReadOnlyList<Problem> problems) =>
    [
        .. problems.Take(MostProblems).Select(static problem => problem.ToString()),
        .. problems.Count > MostProblems ? [$"and {problems.Count - MostProblems} more"] : Array.Empty<string>(),
    ];

    private static partial class Log
    {
        [LoggerMessage(
            226, LogLevel.Information, "Replayed {Logins} logins against policies that were sent along, requested by {By}",
            EventName = "WhatIfReplayed")]
        public static partial void Replayed(ILogger logger, long logins, string by);

        [LoggerMessage(227, LogLevel.Error, "Logins could not be replayed", EventName = "WhatIfFailed")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
