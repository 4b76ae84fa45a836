namespace TlsFront.Configuration.Reading;

/// <summary>A value and the place it was written at, for those who find something wrong with it later.</summary>
/// <param name="Value">The value.</param>
/// <param name="Setting">The setting as <c>--set</c> takes it, such as <c>certificates.0.path</c>.</param>
/// <param name="Origin">Where to look.</param>
internal sealed record Placed<T>(T Value, string Setting, Origin Origin);
