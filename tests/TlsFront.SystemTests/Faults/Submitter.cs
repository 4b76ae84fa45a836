using TlsFront.SystemTests.Backends;

namespace TlsFront.SystemTests.Faults;

/// <summary>Hands in one message after the other, to itself. One it got no answer for it does not send again.</summary>
internal sealed class Submitter(FaultyService service, Ledger ledger, MailUser user, TimeSpan pace) : Client(service, pace)
{
    private readonly FaultyService _service = service;

    protected override int Port => _service.Gateway.Ports.Smtp;

    protected override IReadOnlyList<Server> Servers => _service.Submission;

    protected override string Welcome => "220 ";

    protected override async Task LogInAsync(MailClient client)
    {
        Expect("250", await client.CommandAsync("EHLO client.example.test"));
        Expect("235", await client.CommandAsync($"AUTH PLAIN {user.PlainCredentials}"));
    }

    protected override async Task WorkAsync(MailClient client)
    {
        var token = ledger.NewToken();
        Expect("250", await client.CommandAsync($"MAIL FROM:<{user.Address}>"));
        Expect("250", await client.CommandAsync($"RCPT TO:<{user.Address}>"));
        Expect("354", await client.CommandAsync("DATA"));
        Expect("250", await client.CommandAsync($"Subject: {token}\r\n\r\n{token}\r\n."));
        ledger.Acknowledge(token);
    }

    protected override async Task LeaveAsync(MailClient client) => Expect("221", await client.CommandAsync("QUIT"));
}
