namespace TlsFront.DeployTests.Live;

/// <summary>A value of an expression.</summary>
/// <param name="Labels">The labels of its series, in words.</param>
/// <param name="Value">May be NaN, which says nothing.</param>
internal sealed record Sample(string Labels, double Value);
