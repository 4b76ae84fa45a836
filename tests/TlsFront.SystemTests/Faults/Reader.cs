using TlsFront.SystemTests.Backends;

namespace TlsFront.SystemTests.Faults;

/// <summary>Logs in, opens its inbox and looks for news again and again.</summary>
internal sealed class Reader(FaultyService service, MailUser user, TimeSpan pace) : Client(service, pace)
{
    private readonly FaultyService _service = service;

    protected override int Port => _service.Gateway.Ports.Imap;

    protected override IReadOnlyList<Server> Servers => _service.Access;

    protected override string Welcome => "* OK";

    protected override async Task LogInAsync(MailClient client)
    {
        Expect("a OK", await client.AskAsync($"a LOGIN {user.Name} {user.Password}", "a ", "* BYE"));
        Expect("b OK", await client.AskAsync("b SELECT INBOX", "b ", "* BYE"));
    }

    protected override async Task WorkAsync(MailClient client) => Expect("c OK", await client.AskAsync("c NOOP", "c ", "* BYE"));

    protected override async Task LeaveAsync(MailClient client) => Expect("d OK", await client.AskAsync("d LOGOUT", "d "));
}
