using TlsFront.Systemd;

namespace TlsFront.Tests.Systemd;

public sealed class ListenVariablesTests
{
    [Theory]
    [InlineData("7", "1", null, "unknown")]
    [InlineData("7", "1", "imaps", "imaps")]
    [InlineData("7", "2", "imaps:pop3s", "imaps,pop3s")]
    [InlineData("7", "3", "imaps", "imaps,unknown,unknown")]
    [InlineData("7", "2", ":pop3s", "unknown,pop3s")]
    [InlineData("7", "1", "imaps:pop3s", "imaps")]
    public void Each_socket_has_a_name(string owner, string count, string? names, string expected) =>
        Assert.Equal((expected, null), Read(owner, count, names));

    [Theory]
    [InlineData(null, null)]
    [InlineData(null, "1")]
    [InlineData("", "1")]
    [InlineData("7", null)]
    [InlineData("7", "")]
    [InlineData("8", "1")]
    [InlineData("70", "1")]
    [InlineData("8", "garbage")]
    public void Without_them_and_with_those_of_another_process_there_are_none(string? owner, string? count) =>
        Assert.Equal(("", null), Read(owner, count, "imaps"));

    [Theory]
    [InlineData("garbage", "1", "LISTEN_PID is 'garbage'")]
    [InlineData("-7", "1", "LISTEN_PID is '-7'")]
    [InlineData(" 7", "1", "LISTEN_PID is ' 7'")]
    [InlineData("99999999999", "1", "LISTEN_PID is '99999999999'")]
    [InlineData("7", "garbage", "LISTEN_FDS is 'garbage'")]
    [InlineData("7", "0", "LISTEN_FDS is '0'")]
    [InlineData("7", "-1", "LISTEN_FDS is '-1'")]
    [InlineData("7", "1.0", "LISTEN_FDS is '1.0'")]
    [InlineData("7", "1025", "LISTEN_FDS is '1025'")]
    [InlineData("7", "99999999999", "LISTEN_FDS is '99999999999'")]
    public void Garbage_is_a_problem(string owner, string count, string expected)
    {
        var (names, problem) = Read(owner, count, null);
        Assert.Equal("", names);
        Assert.StartsWith(expected, problem, StringComparison.Ordinal);
        Assert.EndsWith("; let a service manager set it, or unset it", problem, StringComparison.Ordinal);
    }

    private static (string Names, string? Problem) Read(string? owner, string? count, string? names)
    {
        var read = ListenVariables.Read(
            name => name switch
            {
                "LISTEN_PID" => owner,
                "LISTEN_FDS" => count,
                "LISTEN_FDNAMES" => names,
                _ => null,
            },
            processId: 7,
            out var problem);
        return (string.Join(',', read), problem);
    }
}
