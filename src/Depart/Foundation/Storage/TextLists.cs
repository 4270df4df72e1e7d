using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Depart.Foundation.Storage;

/// <summary>
/// Compares lists of texts for the change tracker. EF Core's own comparer makes a dynamic method every time it copies or compares a list: some
/// ten for each person read or saved, and their finalizers take longer than the database.
/// </summary>
internal static class TextLists
{
    private static readonly ValueComparer<List<string>> Comparer = new((one, other) => Same(one, other), list => Hash(list), list => Copy(list));

    /// <summary>Every list of texts of the model is compared so.</summary>
    public static void Compare(ModelBuilder model)
    {
        foreach (var property in model.Model.GetEntityTypes().SelectMany(entity => entity.GetProperties()).Where(property => property.ClrType == typeof(List<string>)))
        {
            property.SetValueComparer(Comparer);
        }
    }

    private static bool Same(List<string>? one, List<string>? other) =>
        ReferenceEquals(one, other) || (one is not null && other is not null && one.SequenceEqual(other, StringComparer.Ordinal));

    private static int Hash(List<string> list)
    {
        var hash = new HashCode();
        foreach (var text in list)
        {
            hash.Add(text, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    private static List<string> Copy(List<string> list) => [.. list];
}
