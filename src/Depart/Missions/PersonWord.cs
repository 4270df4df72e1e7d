using Depart.Foundation.Storage;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Depart.Missions;

/// <summary>
/// One word of those by which a person is found (<see cref="Person.SearchName"/>): whoever types the beginning of a word enters the index at its place, however many people there are. Written by
/// the database alone.
/// </summary>
internal sealed class PersonWord : IKeptByDatabase
{
    /// <summary>Longest word kept, in characters; what follows is not looked for.</summary>
    public const int MaxLength = 100;

    public PersonId Person { get; init; }

    /// <summary>Without accents and case.</summary>
    public string Word { get; init; } = "";

    public static string Sqlite { get; } = Drop("added") + Drop("changed") + Drop("removed") + $"""
        CREATE TRIGGER person_words_added AFTER INSERT ON people BEGIN {Split} END;
        CREATE TRIGGER person_words_changed AFTER UPDATE OF "SearchName" ON people BEGIN DELETE FROM person_words WHERE "Person" = OLD."Id"; {Split} END;
        CREATE TRIGGER person_words_removed AFTER DELETE ON people BEGIN DELETE FROM person_words WHERE "Person" = OLD."Id"; END;
        """;

    public static string PostgreSql { get; } = $"""
        CREATE OR REPLACE FUNCTION keep_person_words() RETURNS trigger LANGUAGE plpgsql AS $kept$
        BEGIN
          IF TG_OP <> 'INSERT' THEN DELETE FROM person_words WHERE "Person" = OLD."Id"; END IF;
          IF TG_OP <> 'DELETE' THEN
            INSERT INTO person_words ("Person", "Word") SELECT DISTINCT NEW."Id", left(word, {MaxLength}) FROM unnest(string_to_array(NEW."SearchName", ' ')) AS word WHERE word <> '';
          END IF;
          RETURN NULL;
        END $kept$;
        CREATE OR REPLACE TRIGGER person_words_kept AFTER INSERT OR DELETE OR UPDATE OF "SearchName" ON people FOR EACH ROW EXECUTE FUNCTION keep_person_words();
        """;

    // What is searched holds letters, digits and spaces only, so that it can be told as a list.
    private static string Split => $"""
        INSERT INTO person_words ("Person", "Word") SELECT DISTINCT NEW."Id", substr(value, 1, {MaxLength}) FROM json_each('["' || replace(NEW."SearchName", ' ', '","') || '"]') WHERE value <> '';
        """;

    private static string Drop(string trigger) => $"DROP TRIGGER IF EXISTS person_words_{trigger};\n";

    /// <summary>People of whom some word begins with each of those given; the those whose word comes first in the alphabet first; somebody may come twice.</summary>
    public static IQueryable<PersonId> Beginning(DepartDb db, IReadOnlyList<string> words)
    {
        // The longest tells most: it is the one looked up, the others are asked of each person found.
        var (first, others) = (words.MaxBy(word => word.Length)!, words.ToList());
        others.Remove(first);
        var found = Of(db, first);
        foreach (var other in others)
        {
            var more = Of(db, other);
            found = found.Where(word => more.Any(one => one.Person == word.Person));
        }

        return found.OrderBy(word => word.Word).ThenBy(word => word.Person).Select(word => word.Person);
    }

    /// <summary>
    /// People whose whole name begins so, given name or family name first: where a name is typed whole, those who bear it are found at once, however many share one of its words. None for a single word.
    /// </summary>
    public static IQueryable<PersonId>? Named(DepartDb db, IReadOnlyList<string> words, int most)
    {
        if (words.Count < 2)
        {
            return null;
        }

        var (asTyped, turned) = (string.Join(' ', words), string.Join(' ', words.Skip(1).Append(words[0])));
        return Begin(asTyped).Concat(Begin(turned)).Select(person => person.Id);

        IQueryable<Person> Begin(string text)
        {
            var end = EndOf(text);
            return db.Set<Person>().Where(person => person.SearchName.CompareTo(text) >= 0 && person.SearchName.CompareTo(end) < 0).OrderBy(person => person.SearchName).Take(most);
        }
    }

    /// <summary>A text that sorts after all those which begin so.</summary>
    public static string EndOf(string beginning) => beginning + '\uffff';

    /// <summary>Words that begin so.</summary>
    public static IQueryable<PersonWord> Of(DepartDb db, string beginning)
    {
        var end = EndOf(beginning);
        return db.Set<PersonWord>().Where(word => word.Word.CompareTo(beginning) >= 0 && word.Word.CompareTo(end) < 0);
    }

    internal sealed class Mapping : IEntityTypeConfiguration<PersonWord>
    {
        public void Configure(EntityTypeBuilder<PersonWord> builder)
        {
            builder.ToTable("person_words");
            builder.HasKey(word => new { word.Person, word.Word });
            builder.Property(word => word.Word).HasMaxLength(MaxLength).ByBytes();
            builder.HasIndex(word => new { word.Word, word.Person });
        }
    }
}
