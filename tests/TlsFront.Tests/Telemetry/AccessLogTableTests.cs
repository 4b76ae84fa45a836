using TlsFront.Telemetry.Access;
using TlsFront.Tests.Architecture;

namespace TlsFront.Tests.Telemetry;

/// <summary>The table of the access log's fields in README, from which people write their parsers and queries.</summary>
public sealed class AccessLogTableTests
{
    [Fact]
    public void The_README_lists_every_field_by_its_names_and_in_its_order()
    {
        var rows = from line in File.ReadLines(RepositoryRoot.PathOf("README.md"))
                   let cells = line.Split('|', StringSplitOptions.TrimEntries)
                   where cells.Length == 6 && cells[3] is "login, end" or "login" or "end"
                   select (Label: cells[1].Trim('`'), Name: cells[2].Trim('`'), Lines: cells[3], Meaning: cells[4]);
        var listed = rows.ToList();

        Assert.Equal(Names(AccessLogLines.Login), from row in listed where row.Lines != "end" select (row.Label, row.Name));
        Assert.Equal(Names(AccessLogLines.End), from row in listed where row.Lines != "login" select (row.Label, row.Name));
        Assert.All(listed, static row => Assert.NotEmpty(row.Meaning));
    }

    private static IEnumerable<(string Label, string Name)> Names(AccessLogLine line) =>
        line.Fields.Select(static field => (field.Label.Trim(), field.Name));
}
