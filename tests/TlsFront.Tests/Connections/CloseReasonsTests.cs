using System.Text.RegularExpressions;
using TlsFront.Connections;

namespace TlsFront.Tests.Connections;

public sealed partial class CloseReasonsTests
{
    private static readonly CloseReason[] All = Enum.GetValues<CloseReason>();

    [Fact]
    public void Every_reason_has_a_tag_of_its_own_that_is_fit_for_a_metric()
    {
        var tags = All.Select(reason => reason.Tag()).ToList();

        Assert.All(tags, tag => Assert.Matches(SnakeCase(), tag));
        Assert.Equal(All.Length, tags.Distinct().Count());
    }

    [Fact]
    public void Every_reason_has_words_of_its_own()
    {
        var words = All.Select(reason => reason.Words()).ToList();

        Assert.All(words, text => Assert.False(string.IsNullOrWhiteSpace(text)));
        Assert.Equal(All.Length, words.Distinct().Count());
    }

    [Fact]
    public void Only_ends_that_are_nobodys_fault_count_as_success() =>
        Assert.Equal(
            [
                CloseReason.None, CloseReason.Completed, CloseReason.ClientClosed, CloseReason.KeyLimit, CloseReason.HandedOver,
                CloseReason.Drained
            ],
            All.Where(reason => reason.IsSuccess()));

    [GeneratedRegex("^[a-z]+(_[a-z]+)*$")]
    private static partial Regex SnakeCase();
}
