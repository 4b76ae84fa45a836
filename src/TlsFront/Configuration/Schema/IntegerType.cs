using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace TlsFront.Configuration.Schema;

/// <summary>A whole number within a range.</summary>
internal sealed class IntegerType(int minimum, int maximum) : SettingType<int>
{
    public override string Description => string.Create(CultureInfo.InvariantCulture, $"`{minimum}` to `{maximum}`");

    public override bool TryParse(string text, out int value, [NotNullWhen(false)] out Complaint? complaint)
    {
        complaint = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value)
            ? value < minimum || value > maximum ? new("is out of range", $"write {minimum} to {maximum}") : null
            : new("is not a number", $"write a whole number from {minimum} to {maximum}");
        return complaint is null;
    }

    public override string Format(int value) => value.ToString(CultureInfo.InvariantCulture);
}
