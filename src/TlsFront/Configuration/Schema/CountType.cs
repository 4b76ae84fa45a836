using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace TlsFront.Configuration.Schema;

/// <summary>A whole number within a range.</summary>
internal sealed class CountType(int minimum, int maximum) : SettingType<int>
{
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"{minimum} to {maximum}");

    public override bool TryParse(string text, out int value, [NotNullWhen(false)] out Complaint? complaint)
    {
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
        complaint = isNumber && value >= minimum && value <= maximum ? null
            : new(text.All(char.IsAsciiDigit) ? "is out of range" : "is not a whole number", $"write {Description}");
        return complaint is null;
    }

    public override string Format(int value) => value.ToString(CultureInfo.InvariantCulture);
}
