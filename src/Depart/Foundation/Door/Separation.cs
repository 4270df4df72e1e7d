namespace Depart.Foundation.Door;

/// <summary>Separation for commands that find out only inside whose record or departure it is.</summary>
internal static class Separation
{
    /// <summary>Why the actor may not act on what concerns that person, or null.</summary>
    public static async Task<Problem?> RefusalAsync(Actor actor, Guid leaver, IDepartureBinding binding, CancellationToken cancellation)
    {
        if (actor.Person is not { } self)
        {
            return null;
        }

        if (self == leaver)
        {
            return Problem.OwnDeparture;
        }

        return await binding.SupplierOfAsync(self, cancellation) is { } supplier && await binding.SupplierOfAsync(leaver, cancellation) == supplier
            ? Problem.SameSupplier
            : null;
    }
}
