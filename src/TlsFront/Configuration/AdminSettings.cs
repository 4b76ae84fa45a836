using System.Net;

namespace TlsFront.Configuration;

/// <summary>The endpoint of <c>/metrics</c>, <c>/livez</c> and <c>/readyz</c>.</summary>
/// <param name="Address">Defaults to 127.0.0.1:9090: it is plain HTTP without authentication. Cold.</param>
internal sealed record AdminSettings(IPEndPoint Address);
