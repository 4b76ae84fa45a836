using TlsFront.Backends;
using TlsFront.Configuration;
using TlsFront.Routing;

namespace TlsFront.Listeners.Upgrade;

/// <summary>Puts in force what operators decided in the process before this one: before the first client comes, and again at the end.</summary>
internal sealed class DecisionsIntake(
    UserOverrides overrides, BackendPools pools, DestinationStates destinations, SettingsStore settings, TimeProvider time)
{
    /// <summary>Does so, as far as backends and destinations still exist; what is not in <paramref name="decisions"/> was taken back.</summary>
    public void Apply(Decisions? decisions)
    {
        var users = decisions?.Users ?? [];
        foreach (var user in overrides.All.ExceptBy(users.Select(static user => user.User), static user => user.User))
        {
            overrides.Release(user.User);
            overrides.Unmove(user.User);
        }

        foreach (var user in users)
        {
            overrides.Unmove(user.User);
            if (user.Moves.Count > 0)
            {
                overrides.Move(user.User, user.Moves);
            }

            if (user.HeldUntil - time.GetUtcNow() is { } left && left > TimeSpan.Zero)
            {
                overrides.Hold(user.User, left);
            }
            else
            {
                overrides.Release(user.User);
            }
        }

        foreach (var backend in settings.Current.Backends)
        {
            foreach (var address in backend.Destinations)
            {
                var isDrained = decisions?.Drained.Contains(new DrainedDestination(backend.Name, address)) == true;
                if (pools.Of(backend.Name).Get(address).IsDrained != isDrained)
                {
                    destinations.SetDrained(backend.Name, address, isDrained);
                }
            }
        }
    }
}
