using TlsFront.Telemetry;

namespace TlsFront.Admin;

/// <summary><c>/livez</c>: the process answers. <c>/readyz</c>: send it clients.</summary>
internal static class HealthEndpoints
{
    private static readonly string[] Methods = [HttpMethods.Get, HttpMethods.Head];

    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        var readiness = endpoints.ServiceProvider.GetRequiredService<Readiness>();
        endpoints.MapMethods("/livez", Methods, static (HttpContext context) => context.Response.WriteAsync("alive\n"));
        endpoints.MapMethods("/readyz", Methods, (HttpContext context) =>
        {
            context.Response.StatusCode = readiness.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return context.Response.WriteAsync(readiness.State + "\n");
        });
    }
}
