using System.Text.Json.Nodes;
using TlsFront.SystemTests;

namespace TlsFront.DeployTests.Page;

/// <summary>The live page in a real Chromium, in front of a real gateway under traffic.</summary>
public sealed class LivePageTests
{
    /// <summary>Where the screenshots are to stay; without it they are made and go.</summary>
    private const string Variable = "TLSFRONT_SCREENSHOTS";

    /// <summary>Apart from the tools of the chart, which are large.</summary>
    private static readonly NodeFolder Node = new("tests", "TlsFront.DeployTests", "Page", "node");

    [Fact]
    public async Task It_shows_what_happens_and_gives_commands_and_runs_nobody_elses_markup()
    {
        using var folder = new TemporaryFolder();
        await using var gateway = await PageGateway.StartAsync();
        var what = new JsonObject
        {
            ["admin"] = gateway.Admin,
            ["token"] = PageGateway.Token,
            ["markup"] = PageGateway.Markup,
            ["screenshots"] = Environment.GetEnvironmentVariable(Variable) ?? folder.Path,
            ["imaps"] = gateway.PortOf("imaps"),
            ["pop3s"] = gateway.PortOf("pop3s"),
            ["submissions"] = gateway.PortOf("submissions"),
        };
        (await Node.RunAsync("page.mjs", [], what.ToJsonString(), TimeSpan.FromMinutes(4))).Succeeded();
        await gateway.EndedAsync();
    }

    /// <summary>The gateway is built without npm, from files in the repository; this is what keeps them those of the package.</summary>
    [Theory]
    [InlineData("uPlot.iife.min.js", "dist/uPlot.iife.min.js")]
    [InlineData("uPlot.min.css", "dist/uPlot.min.css")]
    [InlineData("uPlot.LICENSE", "LICENSE")]
    public async Task The_plots_are_drawn_by_the_package_as_it_was_published(string file, string published) => Assert.Equal(
        await File.ReadAllBytesAsync(await Node.PathOfAsync(["uplot", .. published.Split('/')])),
        await File.ReadAllBytesAsync(Repository.PathOf("src", "TlsFront", "Admin", "Live", "Page", file)));
}
