using TlsFront.Demo.Smtp;

namespace TlsFront.Tests.Demo.Smtp;

public sealed class SmtpPathTests
{
    [Theory]
    [InlineData("FROM:<a@b>", "a@b", "")]
    [InlineData("from: <a@b> SIZE=1  BODY=8BITMIME", "a@b", "SIZE=1|BODY=8BITMIME")]
    [InlineData("FROM:<>", "", "")]
    [InlineData("FROM:<\"a >\\\" b\"@c>", "\"a >\\\" b\"@c", "")]
    public void An_address_and_its_parameters_are_taken_apart(string argument, string address, string parameters)
    {
        Assert.True(SmtpPath.TryParse(argument, "FROM", out var path));
        Assert.Equal(address, path.Address);
        Assert.Equal(parameters, string.Join('|', path.Parameters));
    }

    [Theory]
    [InlineData("")]
    [InlineData("FROM")]
    [InlineData("FROM:")]
    [InlineData("FROM:a@b")]
    [InlineData("FROM:<a@b")]
    [InlineData("FROM:<a b>")]
    [InlineData("FROM:<a@b>SIZE=1")]
    [InlineData("FROM:<a\r@b>")]
    [InlineData("FROM:<\"a@b>")]
    [InlineData("FROM:<\"a\\")]
    [InlineData("TO:<a@b>")]
    public void What_is_no_address_is_refused(string argument) => Assert.False(SmtpPath.TryParse(argument, "FROM", out _));

    [Fact]
    public void An_endless_address_is_refused() => Assert.False(SmtpPath.TryParse($"FROM:<{new string('a', 513)}>", "FROM", out _));
}
