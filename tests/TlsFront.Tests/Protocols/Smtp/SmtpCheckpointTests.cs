using TlsFront.Connections;
using TlsFront.Handover;
using TlsFront.Protocols;
using TlsFront.Protocols.Smtp;

namespace TlsFront.Tests.Protocols.Smtp;

/// <summary>An SMTP session goes on in another process from between two transactions, and from nowhere else.</summary>
public class SmtpCheckpointTests
{
    private static readonly SmtpCheckpoint Checkpoint = new(("x.example", true), SmtpExtensions.None, 1, 0, false);

    private static readonly ProtocolProfile Profile = ProtocolProfile.Of(MailProtocol.Smtp);

    [Fact]
    public void What_the_session_was_told_and_did_is_known_to_the_next_machine()
    {
        var harness = SmtpSession.LoggedIn();
        Send(harness, 1);
        harness.Client("XYZZY\r\n");
        harness.Backend("500 what\r\n");
        harness.Forget();

        Assert.True(Move(harness));

        Send(harness, 2);
        harness.Client("AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n");
        Assert.Equal("503 5.5.1 Already authenticated\r\n", harness.TakeToClient());
        harness.Client("MAIL FROM:<alice@example.com>\r\n");
        harness.Backend("250 2.1.0 Ok\r\n");
        harness.Forget();
        harness.Client("BDAT 10240000\r\n");
        Assert.Equal("", harness.TakeToBackend());
        Assert.Equal("552 5.3.4 Message is too large\r\n", harness.TakeToClient());
    }

    /// <summary>What a client sent behind its command is read by the next machine, not lost and not read twice.</summary>
    [Fact]
    public void Half_a_command_goes_along()
    {
        var harness = SmtpSession.LoggedIn();
        harness.Client("NO");
        Assert.True(Move(harness));
        harness.Client("OP\r\n");
        Assert.Equal("NOOP\r\n", harness.TakeToBackend());
    }

    [Fact]
    public void The_count_of_fruitless_commands_goes_on()
    {
        var harness = SmtpSession.LoggedIn();
        for (var i = 0; harness.Closed is null; i++)
        {
            Assert.InRange(i, 0, SmtpState.MaxFruitless + 1);
            harness.Client("STARTTLS\r\n");
            Assert.Equal(harness.Closed is null, Move(harness));
        }

        Assert.Equal(CloseReason.ProtocolError, harness.Closed);
    }

    public static TheoryData<string> Elsewhere => [.. Points.Keys];

    private static Dictionary<string, Func<MachineHarness>> Points { get; } = new()
    {
        ["before the greeting"] = static () => new MachineHarness(observer => new SmtpMachine(new SessionRules(), observer)).Start(),
        ["before EHLO"] = static () => SmtpSession.Greeted(),
        ["before the login"] = static () => SmtpSession.Extended(),
        ["within the login"] = static () => After(SmtpSession.Extended(), "AUTH LOGIN\r\n", "334 VXNlcm5hbWU6\r\n"),
        ["before a reply"] = static () => After(SmtpSession.LoggedIn(), "NOOP\r\n", ""),
        ["within a reply"] = static () => After(SmtpSession.LoggedIn(), "EHLO x\r\n", "250-backend\r\n"),
        ["in a transaction"] = static () => SmtpSession.InTransaction(),
        ["in a message"] = static () => SmtpSession.InData(),
        ["before the verdict"] = static () => After(SmtpSession.InData(), "text\r\n.\r\n", ""),
        ["in a chunk"] = static () => After(SmtpSession.InTransaction(), "BDAT 10 LAST\r\nfive", ""),
        ["in a refused chunk"] = static () => After(SmtpSession.LoggedIn(), "BDAT 10 LAST\r\nfive", ""),
    };

    [Theory]
    [MemberData(nameof(Elsewhere))]
    public void It_stays_where_something_is_under_way(string point) => Assert.False(Move(Points[point]()));

    [Fact]
    public void A_state_that_makes_no_sense_is_refused()
    {
        using var state = new StateWriter();
        Checkpoint.Write(state);
        for (var length = 0; length < state.Written.Length; length++)
        {
            Assert.Throws<HandoverException>(() =>
            {
                var reader = new StateReader(state.Written[..length]);
                SmtpCheckpoint.Read(ref reader);
            });
        }

        using var negative = new StateWriter();
        (Checkpoint with { Messages = -1 }).Write(negative);
        Assert.Throws<HandoverException>(() =>
        {
            var reader = new StateReader(negative.Written);
            SmtpCheckpoint.Read(ref reader);
        });
    }

    /// <summary>It goes into a header.</summary>
    [Fact]
    public void A_name_that_no_client_could_have_given_itself_is_not_believed()
    {
        using var state = new StateWriter();
        (Checkpoint with { Hello = ("x\r\nBcc: y", true) }).Write(state);
        var reader = new StateReader(state.Written);
        Assert.Equal(HelloName.Unknown, SmtpCheckpoint.Read(ref reader).Hello.Name);
    }

    private static bool Move(MachineHarness harness) => harness.TryMove(Profile, new SessionRules());

    private static MachineHarness After(MachineHarness harness, string client, string backend)
    {
        harness.Client(client);
        if (backend.Length > 0)
        {
            harness.Backend(backend);
        }

        Assert.Null(harness.Closed);
        return harness;
    }

    private static void Send(MachineHarness harness, int number)
    {
        harness.Client("MAIL FROM:<alice@example.com>\r\n");
        harness.Backend("250 2.1.0 Ok\r\n");
        harness.Client("RCPT TO:<bob@example.org>\r\n");
        harness.Backend("250 2.1.5 Ok\r\n");
        harness.Client("DATA\r\n");
        harness.Backend("354 go\r\n");
        harness.Forget();
        harness.Client("text\r\n.\r\n");
        Assert.Equal(SmtpSession.Header(number) + "text\r\n.\r\n", harness.TakeToBackend());
        harness.Backend("250 2.0.0 Ok\r\n");
        harness.Forget();
    }
}
