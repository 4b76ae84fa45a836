using TlsFront.SystemTests.Backends;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Faults;

/// <summary>Servers that hang or are slow while a hundred sessions are at work on them and on others.</summary>
[Trait("Duration", "Long")]
public sealed class HungServerTests(MailBackends backends, ITestOutputHelper output) : SystemTest(backends, output)
{
    /// <summary>Half of them hand in messages, half read.</summary>
    private const int Clients = 100;

    /// <summary>Two things a second and server: the point is who waits, not how much a machine can do.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1.5);

    private readonly ITestOutputHelper _output = output;

    [Fact]
    public async Task A_hung_server_holds_up_its_own_sessions_and_no_other_and_all_go_on_when_it_does()
    {
        await using var service = await FaultyService.StartAsync(Backends, "{ interval: 1s, timeout: 2s, unhealthyAfter: 2 }");
        await service.WorkAsync(Backends, Clients, Pace);
        Server[] hung = [service.Submission[1], service.Access[1]];
        // About as many on each: a session that found a server slow on a busy machine went to another.
        Assert.All(service.Servers, static server => Assert.InRange(server.Sessions, Clients / 12, Clients / 3));
        var (held, others) = Divide(service, hung);

        Array.ForEach(hung, static server => server.Stop());
        try
        {
            // Those who come before the gateway knows wait a while, those who come later do not.
            var early = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => service.VisitAsync()));
            Assert.Empty(early.SelectMany(static servers => servers).Intersect(hung));
            await Task.WhenAll(hung.Select(server => service.ToldAsync(server, "gets no more sessions", 0)));
            Assert.Empty((await service.VisitAsync()).Intersect(hung));

            // An answer may have been on its way, but no second one comes.
            await FaultyService.WorkOnAsync("the others", others, 1);
            var still = held.Select(static client => client.Done).ToList();
            await FaultyService.WorkOnAsync("the others", others, 3);
            Assert.Equal(still, held.Select(static client => client.Done));
            Assert.Equal(Clients, service.Sessions);
        }
        finally
        {
            Array.ForEach(hung, static server => server.Continue());
        }

        await Task.WhenAll(hung.Select(server => service.ToldAsync(server, "gets sessions again", 0)));
        await FaultyService.WorkOnAsync("all of them", service.Crowd, 2);
        await AssertServesAgainAsync(service, hung);
        await AssertNothingWasLostAsync(service);
    }

    [Fact]
    public async Task A_slow_server_is_slow_for_its_own_sessions_and_no_other()
    {
        var links = new List<SlowLink>();
        try
        {
            await using var service = await FaultyService.StartAsync(Backends, "{ interval: 1s, timeout: 2s, unhealthyAfter: 2 }", port =>
            {
                links.Add(new SlowLink(port));
                return links[^1].Port;
            });
            await service.WorkAsync(Backends, Clients, Pace);
            Server[] slow = [service.Submission[1], service.Access[1]];
            var slowLinks = links.FindAll(link => slow.Any(server => server.Destination == $"127.0.0.1:{link.Port}"));
            var (held, others) = Divide(service, slow);

            // A greeting of thirty octets takes twenty seconds: probes do not wait for that, nor do sessions while there are others.
            slowLinks.ForEach(static link => link.Pause = TimeSpan.FromMilliseconds(700));
            var early = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => service.VisitAsync()));
            Assert.Empty(early.SelectMany(static servers => servers).Intersect(slow));
            await Task.WhenAll(slow.Select(server => service.ToldAsync(server, "gets no more sessions", 0)));
            Assert.Empty((await service.VisitAsync()).Intersect(slow));
            await FaultyService.WorkOnAsync("the others", others, 3);

            // Slow is not lost: who is there goes on, if only step by step.
            slowLinks.ForEach(static link => link.Pause = TimeSpan.FromMilliseconds(5));
            await FaultyService.WorkOnAsync("those there", held, 1);
            slowLinks.ForEach(static link => link.Pause = TimeSpan.Zero);
            await Task.WhenAll(slow.Select(server => service.ToldAsync(server, "gets sessions again", 0)));
            await FaultyService.WorkOnAsync("all of them", service.Crowd, 2);
            await AssertServesAgainAsync(service, slow);
            await AssertNothingWasLostAsync(service);
        }
        finally
        {
            links.ForEach(static link => link.Dispose());
        }
    }

    private static (IReadOnlyList<Client> There, IReadOnlyList<Client> Elsewhere) Divide(FaultyService service, Server[] servers)
    {
        var parts = service.Crowd.ToLookup(client => client.Server is { } server && servers.Contains(server));
        return ([.. parts[true]], [.. parts[false]]);
    }

    /// <summary>So many come at once that it is the turn of each server, whichever has a few sessions more.</summary>
    private static Task AssertServesAgainAsync(FaultyService service, Server[] servers)
    {
        var missing = servers.ToHashSet();
        return Eventually.TrueAsync("they serve newcomers again", async () =>
        {
            var visits = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => service.VisitAsync()));
            missing.ExceptWith(visits.SelectMany(static servers => servers));
            return missing.Count == 0;
        });
    }

    private async Task AssertNothingWasLostAsync(FaultyService service)
    {
        var experience = service.Experience;
        Assert.Equal(Clients, service.Sessions);
        var deliveries = await service.EndAsync();
        _output.WriteLine($"{deliveries.Acknowledged} messages, longest time to a greeting {experience.Slowest.TotalSeconds:0.00} s");
        Assert.Empty(experience.Lost);
        Assert.Empty(experience.Refused);
        Assert.Equal((Clients, 0), (experience.Opened, experience.Died));
        // No server died: what is delivered was acknowledged, once each.
        Assert.Equal(deliveries with { Missing = 0, Unconfirmed = 0, HandedInTwice = 0, DeliveredTwice = 0 }, deliveries);
        await service.EmptyAsync();
    }
}
