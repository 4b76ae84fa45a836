using CsCheck;
using TlsFront.Connections;
using TlsFront.Protocols;

namespace TlsFront.Tests.Protocols.Smtp;

public class SmtpModelTests
{
    [Fact]
    public void Pipelined_sessions_come_to_what_the_same_commands_come_to_one_by_one()
    {
        var moves = 0;
        Gen.Select(SmtpModel.Actions.List[1, 40], Gen.Int).Sample(
            (actions, seed) =>
            {
                // Most sessions log in first; the others show that nothing gets past the guard.
                var model = new SmtpModel(
                    seed % 4 == 0 ? actions : [new(SmtpModel.Kind.Ehlo, true, false, ""), new(SmtpModel.Kind.Login, true, false, ""), .. actions]);
                var harness = Play(model, new Random(seed));
                Interlocked.Add(ref moves, harness.Moves);
                Assert.Equal(string.Concat(model.Backend.Select(turn => turn.Bytes)), harness.ToBackend);
                Assert.Equal(model.Replies, harness.ToClient);
                Assert.Equal(model.HasEnded ? CloseReason.ProtocolError : null, harness.Closed);
            },
            iter: 3_000);
        Assert.True(moves > 1_000, $"Only {moves} sessions went on elsewhere.");
    }

    private static MachineHarness Play(SmtpModel model, Random random)
    {
        var harness = SmtpSession.Greeted();
        var profile = ProtocolProfile.Of(MailProtocol.Smtp);
        var fromClient = "";
        var fromBackend = "";
        var (turns, answered, answeredBytes) = (0, 0, 0);
        while (true)
        {
            while (turns < model.Client.Count && fromClient.Length == 0 && CountReplies(harness.ToClient) == model.Client[turns].RepliesBefore)
            {
                fromClient += model.Client[turns++].Bytes;
            }

            while (answered < model.Backend.Count && harness.ToBackend.Length >= answeredBytes + model.Backend[answered].Bytes.Length)
            {
                answeredBytes += model.Backend[answered].Bytes.Length;
                fromBackend += model.Backend[answered++].Reply;
            }

            if (fromClient.Length + fromBackend.Length == 0)
            {
                return harness;
            }

            if (random.Next(3) == 0)
            {
                // An upgrade changes nothing, wherever it finds the session.
                harness.TryMove(profile, new SessionRules());
            }

            if (fromBackend.Length == 0 || (fromClient.Length > 0 && random.Next(3) > 0))
            {
                var length = Math.Min(fromClient.Length, 1 + random.Next(random.Next(2) == 0 ? 8 : 200));
                harness.Client(fromClient[..length]);
                fromClient = fromClient[length..];
            }
            else
            {
                var length = Math.Min(fromBackend.Length, 1 + random.Next(40));
                harness.Backend(fromBackend[..length]);
                fromBackend = fromBackend[length..];
            }
        }
    }

    private static int CountReplies(string text) => text.Split("\r\n").Count(line => line.Length > 3 && line[3] == ' ');
}
