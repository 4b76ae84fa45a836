using TlsFront.Tests.Cli;

namespace TlsFront.Tests.Migration;

/// <summary>What can be said of policies for networks that are smaller than those the inventory keeps.</summary>
public sealed class TruncatedWhatIfTests
{
    [Theory]
    [InlineData("- { name: x, action: refuse, networks: [192.0.2.0/28] }", "may be refused,x", 2)]
    [InlineData("- { name: x, action: warn, networks: [192.0.2.0/28] }", "may be warned,x", 0)]
    [InlineData(
        "- { name: x, action: allow, networks: [192.0.2.0/28] }\n  - { name: y, action: refuse }", "may be refused,y", 2)]
    [InlineData(
        "- { name: x, action: warn, networks: [192.0.2.0/28] }\n  - { name: y, action: refuse }", "may be refused,y", 2)]
    [InlineData("- { name: x, action: refuse, networks: [192.0.2.0/24] }", "refused,x", 2)]
    [InlineData("- { name: x, action: refuse, networks: [192.0.2.0/25, 192.0.2.128/25] }", "refused,x", 2)]
    [InlineData("- { name: x, action: refuse, networks: [192.0.3.0/28] }", "", 0)]
    [InlineData("- { name: x, action: refuse, networks: [192.0.2.0/28], users: [ann] }", "", 0)]
    public async Task A_user_may_be_refused_and_the_line_and_the_setting_are_named(string policies, string expected, int code)
    {
        using var users = new MigratingUsers($"\n  {policies}");
        users.LogIn("bob");
        var (exitCode, output, error) = await users.RunAsync("what-if");
        var row = output.Split('\n').Skip(1).FirstOrDefault(static line => line.StartsWith("bob ", StringComparison.Ordinal)) ?? "";
        Assert.Equal(code, exitCode);
        if (expected.Length == 0)
        {
            Assert.Equal(("", ""), (row, error));
            return;
        }

        var (words, policy) = (expected.Split(',')[0], expected.Split(',')[1]);
        Assert.Contains($" {words} ", row, StringComparison.Ordinal);
        Assert.Contains($"\"{policy}\"", row, StringComparison.Ordinal);
        var isSure = !words.StartsWith("may", StringComparison.Ordinal);
        Assert.Equal(
            isSure ? "" : $"warning: {users.Path}:7 \"x\" is for networks smaller than the inventory keeps, so its matches are uncertain and "
                + "shown as \"may be\"; write inventory.addresses: full to know it of logins from then on\n",
            error);
        var (_, json, _) = await users.RunAsync("what-if", "-o", "json");
        Assert.Contains($"\"isSure\": {(isSure ? "true" : "false")}", json, StringComparison.Ordinal);
    }
}
