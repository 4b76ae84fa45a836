namespace TlsFront.Admin.Live;

/// <summary>Event <c>failures</c>: a way in which connections failed.</summary>
/// <param name="Reason">As log and metrics have it.</param>
/// <param name="Words">The same in words.</param>
/// <param name="Advice">What it means and what to do.</param>
/// <param name="Recent">How many in the last quarter of an hour.</param>
/// <param name="Total">How many since the start.</param>
/// <param name="Last">When the last one did.</param>
internal sealed record LiveFailure(string Reason, string Words, string Advice, int Recent, long Total, DateTimeOffset Last);
