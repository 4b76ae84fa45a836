using TlsFront.Configuration;
using TlsFront.ProxyProtocol;
using TlsFront.Routing;
using TlsFront.Tests.Functional;

namespace TlsFront.Tests.Routing;

/// <summary>What operators may name as the target of a move.</summary>
public sealed class MoveTargetTests
{
    [Theory]
    [InlineData("dovecot-imap", null, "imap dovecot-imap")]
    [InlineData("dovecot-imap:192.0.2.1:10143", null, "imap dovecot-imap 192.0.2.1:10143")]
    [InlineData("dovecot-pop3", "pop3", "pop3 dovecot-pop3")]
    [InlineData("new", "imap", "imap new")]
    [InlineData("new:192.0.2.9:143", "pop3", "pop3 new 192.0.2.9:143")]
    public void A_target_is_a_backend_or_one_of_its_destinations(string target, string? protocol, string expected)
    {
        var move = Assert.Single(MoveTarget.Find(Settings(), target, protocol, out var problem));
        Assert.Null(problem);
        Assert.Equal(expected, Words(move));
    }

    [Theory]
    [InlineData("dovecot-imap", null, "imap dovecot-imap", "pop3 dovecot-pop3")]
    [InlineData("dovecot-pop3", null, "pop3 dovecot-pop3", "imap dovecot-imap")]
    [InlineData("dovecot-imap:192.0.2.1:10143", null, "imap dovecot-imap 192.0.2.1:10143", "pop3 dovecot-pop3 192.0.2.1:10110")]
    [InlineData("dovecot-imap:192.0.2.1:10143", "imap", "imap dovecot-imap 192.0.2.1:10143")]
    [InlineData("dovecot-imap:192.0.2.1:10143", "pop3", "pop3 dovecot-pop3 192.0.2.1:10110")]
    [InlineData("dovecot-imap:192.0.2.2:10143", null, "imap dovecot-imap 192.0.2.2:10143")]
    [InlineData("new", "imap", "imap new")]
    public void A_move_holds_for_every_protocol_that_has_the_host_in_the_group(string target, string? protocol, params string[] expected)
    {
        var settings = Settings();
        settings = settings with
        {
            Backends =
            [
                .. settings.Backends.Select(static backend => backend.Name switch
                {
                    "dovecot-imap" => backend with { Group = "mail", Destinations = ["192.0.2.2:10143", "192.0.2.1:10143"] },
                    "dovecot-pop3" or "new" => backend with { Group = "mail" },
                    _ => backend,
                }),
            ],
        };
        Assert.Equal(expected, MoveTarget.Find(settings, target, protocol, out var problem).Select(Words));
        Assert.Null(problem);

        MoveTarget.Find(settings, "dovecot-imap:192.0.2.2:10143", "pop3", out problem);
        Assert.StartsWith("for pop3, dovecot-imap:192.0.2.2:10143 ", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dovecot-imp", "imap", "for imap, dovecot-imp is not the name of a backend; did you mean dovecot-imap?")]
    [InlineData("new:192.0.2.9:993", "imap", "for imap, new:192.0.2.9:993 is no destination of backend new")]
    [InlineData("new", null, "new would do for imap and pop3: say for which, as in --protocol imap")]
    [InlineData("nowhere", null, "for pop3, nowhere is not the name of a backend")]
    [InlineData("new", "smtp", "no listener of protocol smtp holds logins; there are imap, pop3")]
    [InlineData("dovecot-pop3", "imap", "for imap, dovecot-pop3 ")]
    public void What_cannot_be_meant_is_said(string target, string? protocol, string words)
    {
        Assert.Empty(MoveTarget.Find(Settings(), target, protocol, out var problem));
        Assert.Contains(words, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_nobody_is_led_by_a_user_there_is_no_move()
    {
        Assert.Empty(MoveTarget.Find(TestGateway.Settings("/nowhere"), "dovecot-imap", null, out var problem));
        Assert.Equal(MoveTarget.NoneHoldsLogins, problem);
    }

    private static string Words(UserMove move) => $"{move.Protocol} {move.Backend} {move.Destination}".TrimEnd();

    /// <summary>IMAP and POP3 by user, and a backend that no listener names.</summary>
    private static GatewaySettings Settings()
    {
        var settings = TestGateway.Settings("/nowhere");
        return settings with
        {
            Backends =
            [
                .. settings.Backends.Select(static backend => backend.Name.StartsWith("dovecot", StringComparison.Ordinal)
                    ? backend with { Stickiness = Stickiness.User }
                    : backend),
                new BackendSettings
                {
                    Name = "new",
                    Kind = BackendKind.Dovecot,
                    Destinations = ["192.0.2.9:143"],
                    ProxyProtocol = ProxyHeaderVersion.None,
                },
            ],
        };
    }
}
