namespace TlsFront.Configuration;

/// <summary>New settings that every part of the gateway has prepared for, and that none has taken over yet.</summary>
/// <param name="swap">Makes them the current ones.</param>
/// <param name="parts">What each part prepared, in the order in which they take over.</param>
/// <param name="problems">The parts that cannot take the settings over. If there are any, nothing may be put in force.</param>
internal sealed class SettingsReplacement(Action swap, IReadOnlyList<(string Part, PreparedChange Change)> parts, IReadOnlyList<PartFailure> problems)
{
    /// <summary>The parts that cannot take the settings over; empty if all can.</summary>
    public IReadOnlyList<PartFailure> Problems { get; } = problems;

    /// <summary>Puts the settings in force everywhere.</summary>
    /// <returns>Parts with a fault: they go on with the previous settings, and no other does because of them.</returns>
    public IReadOnlyList<PartFailure> Commit()
    {
        if (Problems.Count > 0)
        {
            throw new InvalidOperationException("Not every part can take the settings over.");
        }

        swap();
        var failures = new List<PartFailure>();
        foreach (var (part, change) in parts)
        {
            try
            {
                change.Commit();
            }
#pragma warning disable CA1031 // one part's fault is no reason to leave the others unserved
            catch (Exception exception)
#pragma warning restore CA1031
            {
                failures.Add(new(part, $"{part}: {exception.Message}", exception));
            }
        }

        return failures;
    }
}
