namespace TlsFront.Configuration;

/// <summary>A part of the gateway that cannot take new settings over, or failed to.</summary>
/// <param name="Part">Its name.</param>
/// <param name="Problem">Why, in one line.</param>
/// <param name="Exception">The fault; null where the settings are to blame.</param>
internal sealed record PartFailure(string Part, string Problem, Exception? Exception = null);
