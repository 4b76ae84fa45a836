using TlsFront.Migration;

namespace TlsFront.Admin;

/// <summary>What would become of recorded logins under other policies.</summary>
/// <param name="Logins">Accepted logins that were replayed.</param>
/// <param name="Effects">How many users it would be, by effect.</param>
/// <param name="Reasons">The same by policy or setting, the most users first.</param>
/// <param name="OmittedReasons">How many further <paramref name="Reasons"/> there are.</param>
/// <param name="Outcomes">Who it would be: the refused first, of each who was seen last.</param>
/// <param name="Omitted">How many further <paramref name="Outcomes"/> there are.</param>
/// <param name="Holding">Listeners that would hold logins and do not now: they would no longer offer mechanisms that cannot be held.</param>
/// <param name="Warnings">What is unwise about the policies, one line each.</param>
internal sealed record WhatIfAnswer(
    long Logins, IReadOnlyList<WhatIfAnswer.Effect> Effects, IReadOnlyList<WhatIfAnswer.Reason> Reasons, int OmittedReasons,
    IReadOnlyList<WhatIfOutcome> Outcomes, int Omitted, IReadOnlyList<string> Holding, IReadOnlyList<string> Warnings)
{
    /// <summary>Most outcomes and reasons that are told.</summary>
    public const int MostTold = 200;

    /// <summary>The answer of a replay of so many logins.</summary>
    public static WhatIfAnswer Of(
        long logins, IReadOnlyList<WhatIfOutcome> outcomes, IReadOnlyList<string> holding, IReadOnlyList<string> warnings)
    {
        var reasons = (
            from outcome in outcomes
            group outcome by (outcome.Effect, outcome.By) into same
            orderby same.Key.Effect, same.Count() descending
            select new Reason(same.Key.Effect, same.Key.By, same.Count(), same.Sum(static outcome => outcome.Logins))).ToList();
        return new(
            logins,
            [
                .. from outcome in outcomes
                   group outcome by outcome.Effect into same
                   select new Effect(same.Key, same.DistinctBy(static outcome => outcome.User).Count(), same.Sum(static outcome => outcome.Logins)),
            ],
            [.. reasons.Take(MostTold)],
            Math.Max(0, reasons.Count - MostTold),
            [.. outcomes.Take(MostTold)],
            Math.Max(0, outcomes.Count - MostTold),
            holding,
            warnings);
    }

    /// <summary>How many it would be.</summary>
    /// <param name="What">What would become of them.</param>
    /// <param name="Users">How many users.</param>
    /// <param name="Logins">How many of their logins.</param>
    internal sealed record Effect(WhatIfEffect What, int Users, long Logins);

    /// <summary>How many it would be by one policy or setting.</summary>
    /// <param name="What">What would become of them.</param>
    /// <param name="By">Where the policy or the setting stands.</param>
    /// <param name="Users">How many users.</param>
    /// <param name="Logins">How many of their logins.</param>
    internal sealed record Reason(WhatIfEffect What, string By, int Users, long Logins);
}
