using System.Diagnostics;
using System.Text.RegularExpressions;

namespace TlsFront.SystemTests;

/// <summary>Waiting for what other processes do: asked again and again until a deadline, never for a fixed time.</summary>
public static class Eventually
{
    /// <summary>Generous: it only has an effect when something is broken.</summary>
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks until the answer is not null.</summary>
    public static async Task<T> GetAsync<T>(string what, Func<Task<T?>> ask, TimeSpan? within = null)
        where T : class
    {
        var deadline = within ?? Deadline;
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            if (await ask() is { } answer)
            {
                return answer;
            }

            Assert.True(Stopwatch.GetElapsedTime(started) < deadline, $"{what}: not within {deadline.TotalSeconds:0.#} s.");
            await Task.Delay(Interval);
        }
    }

    /// <summary>Asks until the answer is not null.</summary>
    public static Task<T> GetAsync<T>(string what, Func<T?> ask, TimeSpan? within = null)
        where T : class => GetAsync(what, () => Task.FromResult(ask()), within);

    /// <summary>Asks until the answer is yes.</summary>
    public static Task TrueAsync(string what, Func<Task<bool>> ask, TimeSpan? within = null) =>
        GetAsync(what, async () => await ask() ? what : null, within);

    /// <summary>Asks until the answer is yes.</summary>
    public static Task TrueAsync(string what, Func<bool> ask, TimeSpan? within = null) => TrueAsync(what, () => Task.FromResult(ask()), within);

    /// <summary>Waits until a server's log matches: it writes that in its own time, perhaps after it has answered.</summary>
    public static Task LoggedAsync(string pattern, Func<string> log) =>
        TrueAsync($"a line like {pattern} in the log", () => Regex.IsMatch(log(), pattern));
}
