using System.Runtime.Versioning;
using System.Text;
using TlsFront.Admin;
using TlsFront.Configuration;
using TlsFront.Tests.Functional;
using TlsFront.Tests.Transport.Managed;

namespace TlsFront.Tests.Listeners.Upgrade;

/// <summary>A submission session goes on in the new process as soon as no message is under way.</summary>
[SupportedOSPlatform("linux")]
public sealed class SubmissionUpgradeTests
{
    private static readonly SessionFilter Everybody = new(null, null, null);

    [Fact]
    public async Task One_between_two_messages_moves_and_its_next_message_has_the_next_id()
    {
        await using var backend = Submission();
        await using var rig = await UpgradeRig.StartAsync(backend);
        await using var client = await rig.ConnectAsync("submissions");
        await LogInAsync(client);
        await BeginMessageAsync(client);
        await EndMessageAsync(client, 1);
        var before = UpgradeRig.ControlOf(rig.Current).Find(Everybody).Single();

        Assert.Equal((1, 0), await MovedAsync(rig));
        await rig.EndedAsync();
        Assert.Equal((1, 0), await MovedAsync(rig));
        await rig.EndedAsync();

        await BeginMessageAsync(client);
        await EndMessageAsync(client, 2);
        var after = UpgradeRig.ControlOf(rig.Current).Find(Everybody).Single();
        Assert.Equal((before.Id, "bob"), (after.Id, after.User));
        await client.SendAsync("QUIT\r\n");
        await client.ExpectAsync("221 bye\r\n");
        Assert.Equal("completed", await rig.Ends.NextAsync());
    }

    [Fact]
    public async Task One_with_a_message_under_way_moves_behind_it()
    {
        await using var backend = Submission();
        await using var rig = await UpgradeRig.StartAsync(
            backend, static settings => settings with { Drain = new DrainSettings(TimeSpan.Zero, TimeSpan.FromMinutes(10)) });
        await using var client = await rig.ConnectAsync("submissions");
        await LogInAsync(client);
        await BeginMessageAsync(client);

        Assert.Equal((0, 1), await MovedAsync(rig));
        await EndMessageAsync(client, 1);

        await UpgradeRig.SessionsAsync(rig.Current, 1);
        await rig.EndedAsync();
        await BeginMessageAsync(client);
        await EndMessageAsync(client, 2);
    }

    [Fact]
    public async Task One_without_a_login_stays()
    {
        await using var backend = Submission();
        await using var rig = await UpgradeRig.StartAsync(backend);
        await using var client = await rig.ConnectAsync("submissions");
        await client.ExpectAsync("220 ready\r\n");
        await client.SendAsync("EHLO x.example\r\n");
        await client.ExpectAsync("250-backend\r\n250 AUTH PLAIN\r\n");

        Assert.Equal((0, 1), await MovedAsync(rig));
    }

    private static async Task<(int Moved, int Left)> MovedAsync(UpgradeRig rig)
    {
        var status = await rig.UpgradeAsync();
        return (status.Moved, status.Left);
    }

    private static async Task LogInAsync(TestClient client)
    {
        await client.ExpectAsync("220 ready\r\n");
        await client.SendAsync("EHLO x.example\r\n");
        await client.ExpectAsync("250-backend\r\n250 AUTH PLAIN\r\n");
        await client.SendAsync("AUTH PLAIN AGJvYgBzZWNyZXQ=\r\n");
        await client.ExpectAsync("235 in\r\n");
    }

    private static async Task BeginMessageAsync(TestClient client)
    {
        await client.SendAsync("MAIL FROM:<bob@x.example>\r\n");
        await client.ExpectAsync("250 ok\r\n");
        await client.SendAsync("RCPT TO:<carol@x.example>\r\n");
        await client.ExpectAsync("250 ok\r\n");
        await client.SendAsync("DATA\r\n");
        await client.ExpectAsync("354 go\r\n");
    }

    /// <summary>The backend answers with the number that our field had.</summary>
    private static async Task EndMessageAsync(TestClient client, int number)
    {
        await client.SendAsync("text\r\n.\r\n");
        await client.ExpectAsync($"250 {number}\r\n");
    }

    private static SocketBackend Submission() => new(static async (peer, _) =>
    {
        using var lines = new StreamReader(peer.Pipe.Input.AsStream(), Encoding.Latin1);
        await peer.SendAsync("220 ready\r\n");
        while (await lines.ReadLineAsync() is { } line)
        {
            var reply = line.Split(' ')[0] switch
            {
                "EHLO" => "250-backend\r\n250 AUTH PLAIN\r\n",
                "AUTH" => "235 in\r\n",
                "DATA" => "354 go\r\n",
                "QUIT" => "221 bye\r\n",
                _ => "250 ok\r\n",
            };
            await peer.SendAsync(reply);
            if (reply[0] == '3')
            {
                var number = "";
                while (await lines.ReadLineAsync() is { } text && text != ".")
                {
                    number = text.Contains(" id ", StringComparison.Ordinal) ? text[(text.LastIndexOf('.') + 1)..] : number;
                }

                await peer.SendAsync($"250 {number}\r\n");
            }
        }
    });
}
