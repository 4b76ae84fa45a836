using System.Text;
using TlsFront.Compatibility;
using TlsFront.Tests.Architecture;

namespace TlsFront.Tests.Compatibility;

/// <summary>The hellos that come with the program.</summary>
public sealed class ShippedHellosTests
{
    [Fact]
    public void Each_is_written_as_the_program_writes_it_and_has_the_fingerprint_of_its_octets() => Assert.All(HelloSet.ShippedNames, static name =>
    {
        var content = HelloSet.ReadResource(name);
        var (hello, problem) = HelloFile.Parse(content);
        Assert.Null(problem);
        Assert.Equal(HelloFile.Format(hello!), Encoding.UTF8.GetString(content));
        Assert.Contains("\nja4: t", Encoding.UTF8.GetString(content), StringComparison.Ordinal);
    });

    [Fact]
    public void Each_says_what_it_is_of_and_whether_it_was_recorded() => Assert.All(HelloSet.ReadShipped(), static hello =>
    {
        Assert.NotNull(hello.Library);
        Assert.Matches("^(recorded on Debian [0-9]+ by tests/record-hellos.sh: |composed from public documentation)", hello.Source);
        Assert.True(hello.Hello.ServerName is null or "mail.example.org");
    });

    [Fact]
    public void No_two_are_of_the_same_client()
    {
        var names = HelloSet.ReadShipped().Select(static hello => hello.Client).ToList();
        Assert.Equal(names.Distinct(), names);
    }

    [Fact]
    public void What_was_recorded_can_be_recorded_anew_and_what_was_composed_is_not()
    {
        var script = File.ReadAllText(RepositoryRoot.PathOf("tests/record-hellos.sh"));
        Assert.All(HelloSet.ShippedNames, name => Assert.Equal(
            HelloFile.Parse(HelloSet.ReadResource(name)).Hello!.Source.StartsWith("recorded", StringComparison.Ordinal),
            script.Contains($"record {Path.GetFileNameWithoutExtension(name)} ", StringComparison.Ordinal)));
    }
}
