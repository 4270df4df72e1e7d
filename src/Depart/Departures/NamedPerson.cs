using Depart.Foundation;
using Depart.Foundation.Door;
using Depart.Interfaces.Api;
using Depart.Missions;

namespace Depart.Departures;

/// <summary>A person of the record, as somebody types them in a form.</summary>
internal static class NamedPerson
{
    /// <summary>The one person meant by a name or an address; null when nothing is said.</summary>
    public static async Task<Outcome<PersonId?>> FindAsync(string said, string field, Func<ListPeople, Task<Outcome<Page<PersonRow>>>> ask)
    {
        if (said.Length == 0)
        {
            return (PersonId?)null;
        }

        var people = (await ask(new(said, Size: 20))).Value?.Items ?? [];
        var exact = people.Where(row => row.Mails.Contains(said, StringComparer.OrdinalIgnoreCase) || SearchText.Of(row.Name) == SearchText.Of(said)).ToList();
        return (exact.Count > 0 ? exact : [.. people]) switch
        {
            [var one] => (PersonId?)one.Id,
            [] => Problem.Invalid(field, "nobody", DeparturesText.NobodyCalled.With(said)),
            _ => Problem.Invalid(field, "several", PeopleText.SeveralCalled.With(said)),
        };
    }
}
