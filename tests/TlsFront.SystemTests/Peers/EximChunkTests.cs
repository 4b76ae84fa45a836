using TlsFront.SystemTests.Backends;
using TlsFront.SystemTests.Delivery;
using TlsFront.SystemTests.Processes;
using Xunit.Abstractions;

namespace TlsFront.SystemTests.Peers;

/// <summary>
/// Chunks towards Exim, which counts their octets in 32 bits, goes on with a transaction after a refused one,
/// and runs them as commands where it did not offer them.
/// </summary>
public sealed class EximChunkTests(PeerServers servers, ITestOutputHelper output) : IClassFixture<PeerServers>, IAsyncLifetime
{
    private const string Smuggled = "ETRN smuggled.example\r\nXCLIENT ADDR=192.0.2.66\r\n";

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        output.WriteLine($"--- Exim\n{servers.Exim.Log}\n--- TlsFront\n{string.Join('\n', servers.Clear.Process.Lines.TakeLast(25))}");
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData(4294967346)]
    [InlineData(2147482624)]
    public async Task A_chunk_that_Exim_would_end_elsewhere_ends_the_session_and_none_of_it_reaches_Exim(long length)
    {
        var user = servers.Root.NewUser();
        await using var session = await LoggedInAsync(user);
        await session.EnvelopeAsync(user);
        await session.SendAsync($"BDAT {length} LAST\r\nSubject: x\r\n\r\n{new string('x', 36)}{Smuggled}");
        await session.ReplyAsync("501");
        Assert.Equal("close_notify", await session.EndAsync());
        AssertNothingArrived(user);
    }

    [Fact]
    public async Task The_size_that_Exim_announced_is_that_of_all_chunks()
    {
        var user = servers.Root.NewUser();
        await using var session = await LoggedInAsync(user);
        await session.EnvelopeAsync(user);
        await session.SendAsync($"BDAT 600000\r\n{new string('y', 600_000)}");
        await session.ReplyAsync("250");
        await session.SendAsync($"BDAT 600000 LAST\r\n{new string('x', 600_000)}");
        await session.ReplyAsync("552");
        // Exim 4.96 crashes over any command but BDAT behind a first chunk, whoever sends it.
        AssertNothingArrived(user);
    }

    [Fact]
    public async Task A_chunk_above_the_size_that_Exim_announced_is_refused_and_the_session_goes_on()
    {
        var user = servers.Root.NewUser();
        await using var session = await LoggedInAsync(user);
        await session.EnvelopeAsync(user);
        await session.SendAsync($"BDAT 1100000 LAST\r\n{new string('x', 1_100_000)}");
        await session.ReplyAsync("552");
        await session.CommandAsync("NOOP", "250");
        await session.SendAsync($"BDAT {Smuggled.Length} LAST\r\n{Smuggled}");
        await session.ReplyAsync("503");
        AssertNothingArrived(user);
        await HandInAsync(session, user);
    }

    [Fact]
    public async Task A_chunk_that_Exim_did_not_offer_to_take_never_reaches_it()
    {
        var user = servers.Root.NewUser();
        await using var session = await LoggedInAsync(user, $"source={Exim.WithoutChunking}");
        await session.EnvelopeAsync(user);
        await session.SendAsync($"BDAT {Smuggled.Length} LAST\r\n{Smuggled}");
        await session.ReplyAsync("503");
        await session.CommandAsync("NOOP", "250");
        AssertNothingArrived(user);
        await session.CommandAsync("DATA", "354");
        await session.SendAsync("Subject: x\r\n\r\nbody\r\n.\r\n");
        await session.ReplyAsync("250");
        AssertOurs(await user.DeliveredAsync());
    }

    [Theory]
    [InlineData("")]
    [InlineData(" LAST")]
    public async Task After_a_refused_chunk_no_message_arrives_without_our_field(string last)
    {
        var user = servers.Root.NewUser();
        await using var session = await LoggedInAsync(user);
        await session.CommandAsync($"MAIL FROM:<{user.Address}>", "250");
        await session.SendAsync($"BDAT 5{last}\r\nhello");
        await session.ReplyAsync("503");
        await session.CommandAsync($"RCPT TO:<{user.Address}>", "250");
        const string Message = "Subject: x\r\n\r\nwithout a field\r\n";
        await session.SendAsync($"BDAT {Message.Length} LAST\r\n{Message}");
        await session.ReplyAsync("503");
        AssertNothingArrived(user);
        await HandInAsync(session, user);
    }

    private static async Task HandInAsync(Session session, MailUser user)
    {
        const string Message = "Subject: x\r\n\r\nbody\r\n";
        await session.CommandAsync("RSET", "250");
        await session.EnvelopeAsync(user);
        await session.SendAsync($"BDAT {Message.Length} LAST\r\n{Message}");
        await session.ReplyAsync("250");
        await session.CommandAsync("QUIT", "221");
        AssertOurs(await user.DeliveredAsync());
    }

    private static void AssertOurs(string text)
    {
        Assert.Contains("by mail.example.test", text, StringComparison.Ordinal);
        Assert.EndsWith("\n\nbody\n", text, StringComparison.Ordinal);
    }

    private void AssertNothingArrived(MailUser user)
    {
        Assert.Equal(0, user.DeliveredCount);
        Assert.DoesNotContain("smuggled", servers.Exim.Log, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("XCLIENT", servers.Exim.Log, StringComparison.Ordinal);
    }

    private async Task<Session> LoggedInAsync(MailUser user, params string[] options)
    {
        var session = servers.Clear.Open(servers.Clear.Ports.Smtp, options);
        await session.LogInAsync(user);
        return session;
    }
}
