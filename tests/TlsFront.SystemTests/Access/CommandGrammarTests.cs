using TlsFront.SystemTests.Backends;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Access;

/// <summary>What the gateway and real Dovecot could read differently before the login.</summary>
public sealed class CommandGrammarTests(MailBackends backends, ITestOutputHelper output) : GatewayTest(backends, output)
{
    private const string Forged = "192.0.2.98";

    /// <summary>To Dovecot, all of these ask for the list of mechanisms, which begins with +OK.</summary>
    [Theory]
    [InlineData("AUTH ")]
    [InlineData("AUTH  ")]
    [InlineData("AUTH  PLAIN")]
    [InlineData("AUTH PLAIN ")]
    [InlineData("AUTH\tPLAIN")]
    public async Task A_list_of_mechanisms_is_not_taken_for_a_login(string command)
    {
        var user = Backends.NewUser();
        var gateway = await GatewayAsync();
        await using var session = gateway.Open(gateway.Ports.Pop3, "source=127.0.0.42");
        await session.UntilAsync("+OK");
        await session.AskAsync(command, "-ERR");
        await session.AskAsync($"XCLIENT ADDR={Forged}", "-ERR Unknown command");
        await session.AskAsync("STLS", "-ERR Not possible now");
        await session.AskAsync($"USER {user.Name}", "+OK");
        await session.AskAsync($"PASS {user.Password}", "+OK");

        await Eventually.LoggedAsync($"Login: user=<{user.Name}>.* rip=127.0.0.42,", () => Backends.Dovecot.Log);
        Assert.DoesNotContain(Forged, Backends.Dovecot.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_list_for_a_bare_AUTH_is_followed_by_commands_that_are_still_read()
    {
        var gateway = await GatewayAsync();
        await using var session = gateway.Open(gateway.Ports.Pop3);
        await session.UntilAsync("+OK");

        Assert.Contains("PLAIN", await session.AskAsync("AUTH", "."), StringComparison.Ordinal);
        await session.AskAsync($"XCLIENT ADDR={Forged}", "-ERR Unknown command");
        await session.AskAsync("AUTH PLAIN", "+ ");
        // Not base64: cancelled, and no command to anybody.
        await session.AskAsync($"XCLIENT ADDR={Forged}", "-ERR");
        await session.AskAsync("CAPA", ".");
        Assert.DoesNotContain(Forged, Backends.Dovecot.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_space_too_many_gets_an_answer_of_the_gateways()
    {
        var user = Backends.NewUser();
        var gateway = await GatewayAsync();
        await using var session = gateway.Open(gateway.Ports.Imap);
        await session.UntilAsync("* OK");
        await session.AskAsync($"a  LOGIN {user.Name} {user.Password}", "* BAD Expected a tag");
        await session.AskAsync($"a LOGIN  {user.Name} {user.Password}", "a BAD LOGIN takes");
        await session.AskAsync("b AUTHENTICATE  PLAIN", "b BAD AUTHENTICATE takes");
        await session.AskAsync("c NOOP ", "c BAD Wrong arguments");
        await session.AskAsync($"d LOGIN {user.Name} {user.Password}", "d OK");
    }

    [Fact]
    public async Task Literals_and_lines_that_end_in_LF_log_in()
    {
        var user = Backends.NewUser();
        var gateway = await GatewayAsync();
        await using var session = gateway.Open(gateway.Ports.Imap);
        await session.UntilAsync("* OK");
        await session.SendAsync($"a NOOP\nb LOGIN {{{user.Name.Length}+}}\n{user.Name} {{0{user.Password.Length}}}\n");
        await session.UntilAsync("+ ");
        await session.SendAsync($"{user.Password}\n");
        await session.UntilAsync("b OK");
        await using var pop3 = gateway.Open(gateway.Ports.Pop3);
        await pop3.UntilAsync("+OK");
        await pop3.SendAsync($"USER {user.Name}\nPASS {user.Password}\n");
        await pop3.UntilAsync("+OK");
        await pop3.UntilAsync("+OK");
    }

    [Fact]
    public async Task An_ID_with_literals_reaches_Dovecot_without_what_only_proxies_may_say()
    {
        var user = Backends.NewUser();
        var gateway = await GatewayAsync();
        await using var session = gateway.Open(gateway.Ports.Imap, "source=127.0.0.43");
        await session.UntilAsync("* OK");
        await session.AskAsync("a ID ({16}", "+ ");
        await session.AskAsync($"x-originating-ip {{{Forged.Length}}}", "+ ");
        await session.AskAsync($"{Forged} \"name\" {{7+}}\r\na \"b\" \\)", "a OK");
        await session.AskAsync($"b ID (\"{new string('k', 30)}\" \"{new string('v', 1024)}\")", "b OK");
        await session.AskAsync($"c LOGIN {user.Name} {user.Password}", "c OK");

        await Eventually.LoggedAsync($"Login: user=<{user.Name}>.* rip=127.0.0.43,", () => Backends.Dovecot.Log);
        Assert.DoesNotContain(Forged, Backends.Dovecot.Log, StringComparison.Ordinal);
    }
}
