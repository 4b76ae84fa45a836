using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;

namespace TlsFront.Configuration.Schema;

/// <summary>One word out of a few.</summary>
internal sealed class ChoiceType<T>(params (string Word, T Value)[] choices) : SettingType<T>
{
    private const string True = "true";

    private static readonly string[] Affirmations = ["on", "yes", True, "y", "1"];
    private static readonly string[] Negations = ["off", "no", "false", "n", "0"];

    /// <summary>Words that ask for something there is a reason not to give.</summary>
    public IReadOnlyDictionary<string, ValueProblem> Refusals { get; init; } = new Dictionary<string, ValueProblem>();

    public override string Description => string.Join(", ", choices.Select(choice => $"`{choice.Word}`"));

    public override bool TryParse(string text, [MaybeNullWhen(false)] out T value, [NotNullWhen(false)] out ValueProblem? problem)
    {
        foreach (var choice in choices)
        {
            if (!choice.Word.Equals(text, StringComparison.OrdinalIgnoreCase)
                && !IsSameNumber(choice.Word, text)
                && !text.Equals(Switch(choice.Word), StringComparison.OrdinalIgnoreCase))
            {
                continue;
            }

            value = choice.Value;
            problem = null;
            return true;
        }

        value = default;
        if (!Refusals.TryGetValue(text.ToLowerInvariant(), out problem))
        {
            var words = choices.Select(choice => choice.Word).ToList();
            var remedy = $"write {string.Join(", ", words.SkipLast(1))}{(words.Count > 1 ? " or " : "")}{words[^1]}";
            problem = new("is not one of the allowed values", Meant(text, words) is { } meant ? $"did you mean {meant}? {remedy}" : remedy);
        }
        return false;
    }

    public override string Format(T value) => choices.First(choice => EqualityComparer<T>.Default.Equals(choice.Value, value)).Word;

    /// <summary>A word that looks like a number or a switch may reach a validator as one, depending on who read the YAML.</summary>
    public override JsonObject ToJsonSchema()
    {
        var words = new JsonArray();
        foreach (var (word, _) in choices)
        {
            words.Add((JsonNode)word);
            if (decimal.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            {
                words.Add((JsonNode)number);
            }
            else if (Switch(word) is { } other)
            {
                words.Add((JsonNode)(other == True));
            }
        }

        return new() { ["enum"] = words };
    }

    /// <summary>YAML has the number 1 for 1.0, and Helm writes it so.</summary>
    private static bool IsSameNumber(string word, string text) =>
        decimal.TryParse(word, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var written)
        && number == written;

    /// <summary>A boolean in other words comes first: by its letters alone, <c>no</c> is nearer to <c>on</c> than to <c>off</c>.</summary>
    private static string? Meant(string written, List<string> words)
    {
        string[] meant = Negations.Contains(written, StringComparer.OrdinalIgnoreCase) ? ["off", "none"]
            : Affirmations.Contains(written, StringComparer.OrdinalIgnoreCase) ? ["on"]
            : [];
        return words.Find(meant.Contains) ?? Nearest.Find(written, words);
    }

    /// <summary>YAML 1.1, which Helm and others read and write, has booleans named on and off, and makes true and false of them.</summary>
    private static string? Switch(string word) => word switch
    {
        "on" => True,
        "off" => "false",
        _ => null,
    };
}
