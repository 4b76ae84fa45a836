using TlsFront.SystemTests.Backends;

namespace TlsFront.SystemTests.Faults;

/// <summary>Logs in, opens its inbox and looks for news again and again.</summary>
internal sealed class Reader(FaultyService service, MailUser user, TimeSpan pace) : Client(service, pace)
{
    private readonly FaultyService _service = service;
    private int _tag;

    protected override int Port => _service.Gateway.Ports.Imap;

    protected override IReadOnlyList<Server> Servers => _service.Access;

    protected override string Welcome => "* OK";

    protected override async Task LogInAsync(MailClient client)
    {
        await AskAsync(client, $"LOGIN {user.Name} {user.Password}");
        await AskAsync(client, "SELECT INBOX");
    }

    protected override Task WorkAsync(MailClient client) => AskAsync(client, "NOOP");

    protected override Task LeaveAsync(MailClient client) => AskAsync(client, "LOGOUT");

    /// <summary>Every command has a tag of its own, so that an answer that came twice would be taken for the next one's.</summary>
    private async Task AskAsync(MailClient client, string command)
    {
        var tag = $"a{++_tag}";
        await client.SendAsync($"{tag} {command}");
        string line;
        do
        {
            line = await client.LineAsync();
        }
        while (line.StartsWith("* ", StringComparison.Ordinal) && (command == "LOGOUT" || !line.StartsWith("* BYE", StringComparison.Ordinal)));
        Expect($"{tag} OK", line);
    }
}
