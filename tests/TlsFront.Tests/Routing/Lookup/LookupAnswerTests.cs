using TlsFront.Connections;
using TlsFront.Routing.Lookup;

namespace TlsFront.Tests.Routing.Lookup;

/// <summary>Answers of services, those of nginx's documentation and those that are of no use.</summary>
public sealed class LookupAnswerTests
{
    private const string Refusal = "Auth-Status: Invalid login or password";

    [Fact]
    public async Task A_server_is_found()
    {
        var answer = await AskAsync("HTTP/1.0 200 OK\r\nAuth-Status: OK\r\nAuth-Server: 198.51.100.1\r\nAuth-Port: 143\r\n\r\n");

        Assert.Equal((LookupResult.Found, "198.51.100.1", 143), (answer.Result, answer.Server, answer.Port));
        Assert.Equal((null, null), (answer.User, answer.Password));
    }

    [Fact]
    public async Task Another_login_is_taken_over()
    {
        var answer = await AskAsync(ScriptedService.Leads("::1", 143, "Auth-User: gr\u00c3\u00bcn", "Auth-Pass: s\u00c3\u00bc cret"));

        Assert.Equal(("::1", "gr\u00fcn"), (answer.Server, answer.User));
        Assert.Equal("s\u00fc cret"u8.ToArray(), answer.Password);
        Assert.DoesNotContain("cret", answer.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gro\u00c3\u009f", "gro\u00df")]
    [InlineData("gr\u00c3\u00bcn", "gr\u00fcn")]
    [InlineData("", null)]
    public async Task A_name_is_UTF8(string octets, string? expected) =>
        Assert.Equal(expected, (await AskAsync(ScriptedService.Leads("192.0.2.1", 143, $"Auth-User: {octets}"))).User);

    [Fact]
    public async Task A_name_that_is_longer_than_any_clients_is_none()
    {
        Assert.Equal(LookupResult.Found, (await AskAsync(ScriptedService.Leads("a.b", 143, "Auth-User: " + new string('x', 256)))).Result);
        Assert.Equal(LookupResult.BadAnswer, (await AskAsync(ScriptedService.Leads("a.b", 143, "Auth-User: " + new string('x', 257)))).Result);
    }

    [Theory]
    [InlineData("Auth-Wait: 3", 3, false)]
    [InlineData("Auth-Wait: 0", 0, true)]
    [InlineData("Auth-Wait: soon", 0, true)]
    [InlineData("Auth-Wait: -1", 0, true)]
    [InlineData("Auth-Wait: 86400", 30, false)]
    [InlineData("Auth-Wait: 99999999999999999999", 30, false)]
    [InlineData("X-Other: 1", 0, true)]
    public async Task A_refusal_ends_the_session_unless_it_names_a_time_to_wait(string header, int seconds, bool endsSession)
    {
        var answer = await AskAsync(ScriptedService.Ok(Refusal, header));

        Assert.Equal((LookupResult.Refused, TimeSpan.FromSeconds(seconds)), (answer.Result, answer.Wait));
        Assert.Equal(("Invalid login or password", "535 5.7.0"), (answer.Refusal!.Words, answer.Refusal.Code));
        Assert.Equal(endsSession, answer.Refusal.EndsSession);
    }

    [Fact]
    public async Task A_refusal_may_have_a_code_of_its_own_in_Smtp()
    {
        var answer = await AskAsync(
            ScriptedService.Ok("Auth-Status: Temporary server problem, try again later", "Auth-Error-Code: 451 4.3.0", "Auth-Wait: 3"));

        Assert.Equal(("Temporary server problem, try again later", "451 4.3.0"), (answer.Refusal!.Words, answer.Refusal.Code));
    }

    [Theory]
    [InlineData("Auth-Status: ok")]
    [InlineData("Auth-Status: OK fine")]
    public async Task Only_OK_is_an_agreement(string status) =>
        Assert.Equal(LookupResult.Refused, (await AskAsync(ScriptedService.Ok(status, "Auth-Server: 192.0.2.1", "Auth-Port: 143"))).Result);

    [Fact]
    public async Task A_service_may_want_to_be_asked_again()
    {
        var answer = await AskAsync(ScriptedService.Ok("Auth-Status: WAIT", "Auth-Wait: 2"));

        Assert.Equal((LookupResult.Wait, TimeSpan.FromSeconds(2)), (answer.Result, answer.Wait));
    }

    [Theory]
    [InlineData("HTTP/1.1 204 No Content\r\nAuth-Status: OK\r\nAuth-Server: a.b\r\nAuth-Port: 1\r\n\r\n", LookupResult.Found)]
    [InlineData("HTTP/1.1 500 No\r\nAuth-Status: OK\r\nAuth-Server: a.b\r\nAuth-Port: 1\r\nContent-Length: 0\r\n\r\n", LookupResult.HttpStatus)]
    [InlineData("HTTP/1.1 403 No\r\nAuth-Status: no\r\nContent-Length: 0\r\n\r\n", LookupResult.HttpStatus)]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n", LookupResult.HttpStatus)]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", LookupResult.BadAnswer, "Auth-Status is missing")]
    [InlineData("220 mx ESMTP\r\n", LookupResult.BadAnswer)]
    [InlineData(null, LookupResult.Unreachable)]
    public async Task Nothing_but_a_whole_answer_with_a_good_status_counts(string? response, object result, string? detail = null)
    {
        var answer = await AskAsync(response);

        Assert.Equal((LookupResult)result, answer.Result);
        Assert.True(detail is null || answer.Detail == detail);
    }

    [Theory]
    [InlineData("Auth-Server is missing, or no address", "Auth-Port: 143")]
    [InlineData("Auth-Server is missing, or no address", "Auth-Server:", "Auth-Port: 143")]
    [InlineData("Auth-Server is missing, or no address", "Auth-Server: a b", "Auth-Port: 143")]
    [InlineData("Auth-Server is missing, or no address", "Auth-Server: http://a/", "Auth-Port: 143")]
    [InlineData("Auth-Port is missing, or no port", "Auth-Server: 192.0.2.1")]
    [InlineData("Auth-Port is missing, or no port", "Auth-Server: 192.0.2.1", "Auth-Port: imaps")]
    [InlineData("Auth-Port is missing, or no port", "Auth-Server: 192.0.2.1", "Auth-Port: 0")]
    [InlineData("Auth-Port is missing, or no port", "Auth-Server: 192.0.2.1", "Auth-Port: 65536")]
    [InlineData("Auth-Server stands there twice", "Auth-Server: 192.0.2.1", "Auth-Server: 192.0.2.2", "Auth-Port: 143")]
    [InlineData("Auth-Status stands there twice", "Auth-Status: no", "Auth-Server: 192.0.2.1", "Auth-Port: 143")]
    [InlineData("Auth-User is no user name", "Auth-Server: 192.0.2.1", "Auth-Port: 143", "Auth-User: a\tb")]
    [InlineData("Auth-User is no user name", "Auth-Server: 192.0.2.1", "Auth-Port: 143", "Auth-User: a\u00c2\u0085b")]
    [InlineData("Auth-User is no user name", "Auth-Server: 192.0.2.1", "Auth-Port: 143", "Auth-User: a\u00e2\u0080\u00aeb")]
    [InlineData("Auth-User is no user name", "Auth-Server: 192.0.2.1", "Auth-Port: 143", "Auth-User: gr\u00fcn")]
    public async Task What_an_agreement_lacks_is_told(string detail, params string[] headers)
    {
        var answer = await AskAsync(ScriptedService.Ok(["Auth-Status: OK", .. headers]));

        Assert.Equal((LookupResult.BadAnswer, detail), (answer.Result, answer.Detail));
    }

    [Fact]
    public async Task Headers_without_an_end_are_no_answer()
    {
        var answer = await AskAsync(ScriptedService.Leads("192.0.2.1", 143, "X-Long: " + new string('x', 16 * 1024)));

        Assert.Equal(LookupResult.BadAnswer, answer.Result);
    }

    [Fact]
    public async Task A_password_that_is_longer_than_any_login_is_none()
    {
        var answer = await AskAsync(ScriptedService.Leads("192.0.2.1", 143, "Auth-Pass: " + new string('x', BackendLogin.MaxPassword + 1)));

        Assert.Equal((LookupResult.BadAnswer, "Auth-Pass is too long"), (answer.Result, answer.Detail));
    }

    private static async Task<LookupAnswer> AskAsync(string? response)
    {
        await using var service = ScriptedService.Answering(_ => response);
        return await Lookups.AskAsync(service);
    }
}
