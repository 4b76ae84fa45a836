using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols.HeldLogin;

/// <summary>A session whose login was held is one like any other once it is logged in, and goes on in another process as well.</summary>
public class HeldLoginContinuationTests
{
    [Fact]
    public void A_submission_goes_on_elsewhere_behind_its_login_and_not_before()
    {
        var harness = new MachineHarness(observer => HeldLogins.Create("smtp", observer, "250-mx|250 AUTH PLAIN")).Start();
        foreach (var (fromClient, bytes) in new[]
        {
            (true, "EHLO laptop.example.net\r\n"), (true, "AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n"), (false, "220 ready\r\n"),
            (false, "250-backend\r\n250 AUTH PLAIN\r\n"), (false, "334 \r\n"), (false, "235 2.7.0 ok\r\n"),
        })
        {
            Assert.False(Move(harness));
            Action<string> send = fromClient ? harness.Client : harness.Backend;
            send(bytes);
        }

        Assert.True(Move(harness));
        harness.TakeToBackend();
        harness.Client("MAIL FROM:<a@x>\r\n");
        Assert.Equal("MAIL FROM:<a@x>\r\n", harness.TakeToBackend());
    }

    private static bool Move(MachineHarness harness) => harness.TryMove(ProtocolProfile.Of(MailProtocol.Smtp), new SessionRules());
}
