namespace TlsFront.Demo.Smtp;

/// <summary>The dialogue of AUTH PLAIN and AUTH LOGIN (RFC 4954).</summary>
internal sealed class SmtpLogin(LineConnection connection)
{
    /// <summary>Whether the client has logged in.</summary>
    public bool Succeeded { get; private set; }

    /// <summary>Asks what is missing and returns the reply, or null when the client left in the middle.</summary>
    public async ValueTask<string?> RunAsync(string argument)
    {
        var words = argument.Split(' ', 2);
        var initial = words.Length == 2 ? words[1] : null;
        switch (words[0].ToUpperInvariant())
        {
            case "PLAIN":
                return (initial ?? await AskAsync("")) is { } response ? Decide(SaslPlain.Authenticate(response)) : null;
            case "LOGIN":
                var user = initial ?? await AskAsync("VXNlcm5hbWU6");
                var password = user is null or "*" ? user : await AskAsync("UGFzc3dvcmQ6");
                return password is null ? null : Decide(
                    SaslPlain.TryDecode(user!) is { } name && SaslPlain.TryDecode(password) is { } secret
                        ? MailStore.Authenticate(name, secret)
                        : null);
            default:
                return "504 5.5.4 PLAIN or LOGIN, please";
        }
    }

    private async ValueTask<string?> AskAsync(string challenge)
    {
        connection.WriteLine("334 " + challenge);
        await connection.FlushAsync();
        var line = await connection.ReadLineAsync();
        return line.Status == LineStatus.End ? null : line.Text;
    }

    private string Decide(bool? success)
    {
        Succeeded = success ?? false;
        return success switch
        {
            true => "235 2.7.0 Authentication successful",
            false => "535 5.7.8 Authentication failed: user demo, password demo",
            null => "501 5.5.2 Authentication cancelled or malformed",
        };
    }
}
