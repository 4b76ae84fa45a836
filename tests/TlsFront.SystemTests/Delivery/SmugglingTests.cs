using TlsFront.SystemTests.Backends;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Delivery;

/// <summary>SMTP smuggling (CVE-2023-51764 and relatives): a second message hidden behind something that is almost an end of data.</summary>
public sealed class SmugglingTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    public static TheoryData<string> AlmostEnds => new(
        "\n.\n", "\n.\r\n", "\r\n.\n", "\r.\r", "\r.\n", "\n.\r", "\r.\r\n", "\r\n.\r", "\r\n.\r\r\n", "\r\r\n.\r\r\n", "\r\n\0.\r\n", "\r\n.\0\r\n");

    [Theory]
    [MemberData(nameof(AlmostEnds))]
    public async Task Normalised_data_is_one_message_and_nothing_in_it_is_run_as_a_command(string almostEnd)
    {
        var (user, smuggled) = (Backends.NewUser(), Backends.NewUser());
        var gateway = await GatewayAsync();
        await using var session = gateway.Open(gateway.Ports.Smtp);
        await session.LogInAsync(user);
        await session.EnvelopeAsync(user);
        await session.CommandAsync("DATA", "354");
        await session.SendAsync(Smuggling(almostEnd, user, smuggled));
        await session.ReplyAsync("250");
        await session.CommandAsync("QUIT", "221");

        var mail = new DeliveredMail(await user.DeliveredAsync());
        mail.OurReceived();
        Assert.Contains("MAIL FROM:", mail.Body, StringComparison.Ordinal);
        Assert.EndsWith("smuggled\n", mail.Body, StringComparison.Ordinal);
        Assert.Equal(0, smuggled.DeliveredCount);
        Assert.DoesNotContain($"to=<{smuggled.Address}>", Backends.Postfix.Log, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(AlmostEnds))]
    public async Task Rejected_data_is_no_message_at_all(string almostEnd)
    {
        var (user, smuggled) = (Backends.NewUser(), Backends.NewUser());
        var gateway = await GatewayAsync(Setup with { BareNewlines = "reject" });
        await using var session = gateway.Open(gateway.Ports.Smtp);
        await session.LogInAsync(user);
        await session.EnvelopeAsync(user);
        await session.CommandAsync("DATA", "354");
        await session.SendAsync(Smuggling(almostEnd, user, smuggled));
        await session.ReplyAsync("550 5.6.0");
        await session.CommandAsync("NOOP", "421 4.7.0");

        Assert.Equal("close_notify", await session.EndAsync());
        Assert.Equal(0, user.DeliveredCount);
        Assert.DoesNotContain($"to=<{user.Address}>", Backends.Postfix.Log, StringComparison.Ordinal);
        Assert.DoesNotContain($"to=<{smuggled.Address}>", Backends.Postfix.Log, StringComparison.Ordinal);
    }

    private static string Smuggling(string almostEnd, MailUser user, MailUser smuggled) =>
        $"Subject: outer\r\n\r\nouter{almostEnd}MAIL FROM:<{user.Address}>\r\nRCPT "
        + $"TO:<{smuggled.Address}>\r\nDATA\r\nSubject: inner\r\n\r\nsmuggled\r\n.\r\n";
}
