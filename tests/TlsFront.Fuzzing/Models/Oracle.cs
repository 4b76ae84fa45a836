using System.Text;
using TlsFront.Connections;
using TlsFront.Protocols;
using TlsFront.Tests.Protocols;

namespace TlsFront.Fuzzing.Models;

/// <summary>
/// The gateway between a client that says anything and one of several models of servers. What the client sends is forwarded as a command only
/// if every server reads it as that command, and as content only if the server knows that kind of content. So, whatever its manners, a server
/// takes the forwarded octets for what the RFCs say they are; it executes what the client said, in the client's order, and nothing that was
/// content; each command has one answer; and it let in whom the gateway reports.
/// </summary>
/// <param name="create">Makes the machine.</param>
/// <param name="server">The server behind it.</param>
internal sealed class Oracle(Func<ISessionObserver, MailMachine> create, ModelServer server)
{
    private readonly MachineHarness _session = new MachineHarness(create).Start();
    private readonly Reading _gateway = server.GatewayReading();
    private readonly Reading _client = server.ClientReading();
    private readonly List<Act> _sent = [];
    private readonly StringBuilder _toClient = new();
    private string _answers = "";
    private Act? _unanswered;
    private int _read;
    private int _matched;
    private int _sentBefore;

    /// <summary>Plays all that the client sends; throws <see cref="DisagreementException"/>.</summary>
    public void Play(IReadOnlyList<string> pieces)
    {
        _session.Backend(server.Greeting);
        _session.TakeToClient();
        foreach (var piece in pieces)
        {
            _client.Add(piece);
            _session.Client(piece);
            Exchange();
            if (_session.Closed is not null || _session.Transparent)
            {
                break;
            }

            Check(_unanswered is null, "step", "No answer to", _unanswered);
            Check(_answers.Length == 0 || _client.IsInside, "step", "An answer to nothing:", _answers);
        }

        CheckLogins();
        var messages = _session.Reports.Count(report => report == "message accepted");
        Check(messages <= server.Messages, "message", "One is reported that the server did not take.");
        // A tag of the client's may be any word, and comes back.
        var shown = server.Hidden.FirstOrDefault(word => _toClient.ToString().Contains(word, StringComparison.Ordinal));
        Check(shown is null || string.Concat(pieces).Contains(shown, StringComparison.Ordinal), "hidden", shown, "is shown:", _toClient);
    }

    // What the gateway forwarded before it closed arrives.
    private void Exchange()
    {
        while (!_session.Transparent && _session.TakeToBackend() is { Length: > 0 } forwarded)
        {
            var answers = server.Receive(forwarded);
            FollowServer(forwarded);
            if (_session.Closed is null)
            {
                _session.Backend(answers);
            }

            FollowClient();
            FindInClient();
            // A message that the gateway refused itself has its verdict already.
            Check(
                server.EarlyVerdict is not { } code || IsShown(code) || IsShown("550 5.6.0"),
                "early verdict", "The client did not get it:", _toClient);
        }

        FollowClient();
    }

    private void FollowServer(string forwarded)
    {
        _gateway.Add(forwarded);
        for (; _read < server.Executed.Count; _read++)
        {
            var (act, isGoAhead) = server.Executed[_read];
            var meant = _gateway.Take();
            Check(meant is not null, "reads as a command what is content", act);
            Check((meant!.Kind, meant.Name, meant.IsAnswered) == (act.Kind, act.Name, act.IsAnswered), "reads otherwise", act, "instead of", meant);
            Check(meant.Kind != ActKind.Content || meant.Text == act.Text, "reads otherwise", act, "instead of", meant);
            if (act.IsAnswered)
            {
                _gateway.Answered(isGoAhead);
            }
        }

        if (server.EarlyVerdict is null)
        {
            Check(_gateway.Take() is null, "forgets what came too early", forwarded);
            Check(_gateway.Position == server.Position, "counts otherwise", "It expects", server.Position, "instead of", _gateway.Position);
        }
    }

    private void FollowClient()
    {
        var received = _session.TakeToClient();
        _toClient.Append(received);
        _answers += received;
        while (true)
        {
            if (_unanswered is null)
            {
                if (_client.Take() is not { } act)
                {
                    return;
                }

                _sent.Add(act);
                _unanswered = act.IsAnswered ? act : null;
                continue;
            }

            var answers = _answers.AsSpan();
            if (_client.TakeAnswer(_unanswered, ref answers) is not { } isGoAhead)
            {
                return;
            }

            _answers = answers.ToString();
            _client.Answered(isGoAhead);
            _unanswered = null;
        }
    }

    private void FindInClient()
    {
        for (; _matched < server.Executed.Count; _matched++)
        {
            var act = server.Executed[_matched].Act;
            while (_sentBefore < _sent.Count && !_client.IsSame(act, _sent[_sentBefore]))
            {
                _sentBefore++;
            }

            // Of a session that ended, not all answers arrived: what the client meant by the rest is open.
            Check(_sentBefore++ < _sent.Count || _session.Closed is not null, "nobody's command", "The client did not send", act);
        }
    }

    private void CheckLogins()
    {
        var reported = _session.Reports.Where(report => report.StartsWith("login ", StringComparison.Ordinal) && report != "login failed").ToList();
        var real = server.Logins.Take(_session.Closed is null ? server.Logins.Count : reported.Count).ToList();
        Check(reported.Count == real.Count, "login", reported.Count, "are reported, as they happened:", server.Logins.Count);
        for (var login = 0; login < real.Count; login++)
        {
            var isSame = real[login] == SaslServer.AnyName || reported[login] == $"login {real[login]}"
                || (real[login] is [SaslServer.Unsure, .. var name] && (reported[login] == "login " || reported[login] == $"login {name}"));
            Check(isSame, "user", reported[login], "is reported instead of", real[login]);
        }
    }

    private bool IsShown(string code) => _toClient.ToString().Contains($"\n{code}", StringComparison.Ordinal);

    private void Check(bool holds, string rule, params ReadOnlySpan<object?> what)
    {
        if (!holds)
        {
            throw new DisagreementException(server.Name, rule, string.Join(' ', what));
        }
    }
}
