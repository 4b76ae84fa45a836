namespace TlsFront.Telemetry;

/// <summary><c>/livez</c>: the process answers. <c>/readyz</c>: send it clients.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        var readiness = endpoints.ServiceProvider.GetRequiredService<Readiness>();
        endpoints.MapGet("/livez", static (HttpContext context) => context.Response.WriteAsync("alive\n"));
        endpoints.MapGet("/readyz", (HttpContext context) =>
        {
            context.Response.StatusCode = readiness.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return context.Response.WriteAsync(readiness.State + "\n");
        });
    }
}
