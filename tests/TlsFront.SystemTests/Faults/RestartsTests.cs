using System.Globalization;
using TlsFront.SystemTests.Backends;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Faults;

/// <summary>
/// Servers restarted one after the other under load. <c>tests/restarts.sh</c> runs it for minutes, and the suite does not: it needs a quiet machine.
/// </summary>
[Trait("Duration", "Long")]
public sealed class RestartsTests(MailBackends backends, ITestOutputHelper output) : SystemTest(backends, output)
{
    /// <summary>Half of them hand in messages, half read.</summary>
    private static readonly int Clients = int.TryParse(
        Environment.GetEnvironmentVariable("TLSFRONT_RESTARTS_CLIENTS"), CultureInfo.InvariantCulture, out var clients)
        ? clients
        : 40;

    private readonly ITestOutputHelper _output = output;

    /// <summary>Minutes to run; without, each server is restarted once.</summary>
    private static double? Minutes =>
        double.TryParse(Environment.GetEnvironmentVariable("TLSFRONT_RESTARTS_MINUTES"), CultureInfo.InvariantCulture, out var minutes)
            ? minutes
            : null;

    [Fact]
    public async Task A_server_restarted_again_and_again_loses_no_acknowledged_message_and_takes_no_session_of_another()
    {
        await using var service = await FaultyService.StartAsync(Backends, Minutes is null ? "{ interval: 2s, ejectFor: 2s }" : "{ }");
        await service.WorkAsync(Backends, Clients, Minutes is null ? TimeSpan.FromMilliseconds(500) : TimeSpan.FromSeconds(5));
        var started = DateTime.UtcNow;
        var restarts = 0;
        do
        {
            var turn = restarts % service.Submission.Count;
            Server[] servers = [service.Submission[turn], service.Access[turn]];
            await Task.WhenAll(servers.Select(server => server.KillAsync()));
            if (Minutes is not null)
            {
                await Task.Delay(TimeSpan.FromSeconds(2));
            }

            await Task.WhenAll(servers.Select(server => server.StartAgainAsync()));
            restarts++;
            await service.EverybodyAsync();
            // Each restart shall find the others at work, as an operator would see to it.
            await Task.WhenAll(servers.Select(server => service.AvailableAsync(server)));
            if (Minutes is not null)
            {
                var next = started + (restarts * TimeSpan.FromSeconds(30));
                await Task.Delay(next > DateTime.UtcNow ? next - DateTime.UtcNow : TimeSpan.Zero);
            }
        }
        while (Minutes is { } minutes ? DateTime.UtcNow - started < TimeSpan.FromMinutes(minutes) : restarts < service.Submission.Count);

        var took = DateTime.UtcNow - started;
        var acknowledged = service.Acknowledged;
        await Eventually.TrueAsync("work goes on", () => service.Acknowledged > acknowledged);
        var deliveries = await service.EndAsync();
        var experience = service.Experience;
        Report(
            service,
            string.Create(CultureInfo.InvariantCulture, $"minutes                                        {took.TotalMinutes:0.0}"),
            $"clients (half SMTP, half IMAP)                 {Clients}",
            $"restarts of one Postfix and one Dovecot        {restarts}",
            $"sessions that logged in                        {experience.Opened}",
            $"sessions that ended with their server          {experience.Died}",
            $"sessions lost on other servers                 {experience.Lost.Count}",
            $"connections that got no server                 {experience.Refused.Count}",
            string.Create(CultureInfo.InvariantCulture, $"longest time to a greeting, s                  {experience.Slowest.TotalSeconds:0.00}"),
            $"messages acknowledged                          {deliveries.Acknowledged}",
            $"of these not delivered                         {deliveries.Missing}",
            $"handed in twice                                {deliveries.HandedInTwice}",
            $"delivered twice by a server that crashed       {deliveries.DeliveredTwice}",
            $"delivered, but the server died before its 250  {deliveries.Unconfirmed}");

        Assert.Empty(experience.Lost);
        Assert.Empty(experience.Refused);
        Assert.True(experience.Died > 0, "No session was at a server that was restarted.");
        Assert.Equal((0, 0), (deliveries.Missing, deliveries.HandedInTwice));
    }

    private void Report(FaultyService service, params string[] lines)
    {
        foreach (var line in lines)
        {
            _output.WriteLine(line);
        }

        foreach (
            var line in service.Gateway.Process.Lines.Where(line => line.Contains("\"LogLevel\":\"Warning\"", StringComparison.Ordinal)).TakeLast(60))
        {
            _output.WriteLine(line);
        }

        if (Environment.GetEnvironmentVariable("TLSFRONT_RESTARTS_REPORT") is { Length: > 0 } file)
        {
            File.WriteAllLines(file, lines);
        }
    }
}
