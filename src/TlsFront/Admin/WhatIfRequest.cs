namespace TlsFront.Admin;

/// <summary>What is asked of <see cref="WhatIfEndpoint"/>.</summary>
/// <param name="Policies">A <c>policies</c> section in YAML.</param>
/// <param name="Days">The logins of so many days, 14 if it is absent.</param>
/// <param name="At">The moment at which the policies are judged, be it one to come; now if it is absent.</param>
internal sealed record WhatIfRequest(string? Policies, int Days = 14, DateTimeOffset? At = null);
