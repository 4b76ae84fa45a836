using System.Diagnostics.CodeAnalysis;

namespace TlsFront.Configuration.Schema;

/// <summary>One word out of a few.</summary>
internal sealed class ChoiceType<T>(params (string Word, T Value)[] choices) : SettingType<T>
{
    /// <summary>Words that ask for something there is a reason not to give.</summary>
    public IReadOnlyDictionary<string, Complaint> Refusals { get; init; } = new Dictionary<string, Complaint>();

    public override string Description => string.Join(", ", choices.Select(choice => $"`{choice.Word}`"));

    public override bool TryParse(string text, [MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out Complaint? complaint)
    {
        foreach (var choice in choices)
        {
            if (!choice.Word.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            value = choice.Value;
            complaint = null;
            return true;
        }

        value = default;
        if (!Refusals.TryGetValue(text.ToLowerInvariant(), out complaint))
        {
            var words = choices.Select(choice => choice.Word).ToList();
            complaint = new("is not one of the allowed values", Nearest.DidYouMean(text, words) + $"write {string.Join(", ", words.SkipLast(1))}{(words.Count > 1 ? " or " : "")}{words[^1]}");
        }
        return false;
    }

    public override string Format(T value) => choices.First(choice => EqualityComparer<T>.Default.Equals(choice.Value, value)).Word;
}
