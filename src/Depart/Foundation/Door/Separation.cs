namespace Depart.Foundation.Door;

/// <summary>Separation: of the door, and of commands that find out only inside whose record or departure it is.</summary>
internal static class Separation
{
    /// <summary>Why the actor may not act on what concerns that person, or null.</summary>
    /// <remarks><paramref name="through"/>: the supplier of the mission concerned, where one is.</remarks>
    public static async Task<Problem?> RefusalAsync(Actor actor, Guid leaver, IDepartureBinding binding, CancellationToken cancellation, Guid? through = null)
    {
        if (actor.Person is not { } self)
        {
            return null;
        }

        if (self == leaver)
        {
            return Problem.OwnDeparture;
        }

        return await OfSuppliersAsync(await binding.SuppliersOfAsync(self, cancellation), leaver, binding, cancellation, through);
    }

    /// <summary>The part of it that looks at suppliers, for whoever asks of many people: those for which one works are read once.</summary>
    public static async Task<Problem?> OfSuppliersAsync(IReadOnlySet<Guid> own, Guid leaver, IDepartureBinding binding, CancellationToken cancellation, Guid? through = null) =>
        own.Count > 0 && ((through is { } supplier && own.Contains(supplier)) || own.Overlaps(await binding.SuppliersOfAsync(leaver, cancellation))) ? Problem.SameSupplier : null;
}
