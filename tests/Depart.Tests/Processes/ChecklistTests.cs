using System.Text;
using CsCheck;

namespace Depart.Processes;

/// <summary>A spreadsheet becomes a template.</summary>
public sealed class ChecklistTests
{
    [Fact]
    public void A_checklist_becomes_a_template_with_steps_owners_and_days()
    {
        var draft = Read("""
            Départ d’un prestataire;;;
            Action;Qui;Quand;Détails
            Prévenir l’équipe;Manager;dès l’annonce;
            Récupérer l’ordinateur et le badge;DSI;J;Vérifier l’état
            Dossier de passation;Prestataire;J-10 ouvrés;
            Entretien de départ;RH;J+5;
            Désactiver les comptes;Service informatique;le dernier jour;
            """, "Sortie prestataires.csv");

        var document = Templates.Right(draft.Yaml);
        Assert.Equal(("sortie-prestataires", 5), (document.Key, document.Tasks.Count));
        var tasks = document.Tasks.ToDictionary(task => task.Key);
        Assert.Equal((1, "announcement", TaskOwner.Manager, TaskAnchor.Announcement), Of(tasks["prevenir-l-equipe"]));
        Assert.Equal((5, "equipment-return", TaskOwner.It, TaskAnchor.LastDay), Of(tasks["recuperer-l-ordinateur-et-le-badge"]));
        Assert.Equal((3, "handover", TaskOwner.Consultant, TaskAnchor.LastDay), Of(tasks["dossier-de-passation"]));
        Assert.Equal((4, "interview", TaskOwner.Hr, TaskAnchor.LastDay), Of(tasks["entretien-de-depart"]));
        Assert.Equal([new(-10, Business: true), new(5, Business: false)], new[] { tasks["dossier-de-passation"].Offset, tasks["entretien-de-depart"].Offset });
        Assert.Equal("Vérifier l’état", tasks["recuperer-l-ordinateur-et-le-badge"].Instructions.Fr);
        Assert.Single(draft.Notes);
    }

    [Fact]
    public void What_was_guessed_is_said_with_its_line()
    {
        var draft = Read("Task,Who,When\nWater the plants,Gardener,some day\nWater the plants,,\n", "x.csv");

        Assert.Equal(["water-the-plants", "water-the-plants-2"], Templates.Right(draft.Yaml).Tasks.Select(task => task.Key));
        Assert.Contains(draft.Notes, note => note.En.StartsWith("Line 2: “Gardener”", StringComparison.Ordinal));
        Assert.Contains(draft.Notes, note => note.En.StartsWith("Line 2: “some day”", StringComparison.Ordinal));
        Assert.Contains(draft.Notes, note => note.En.StartsWith("Line 3: nothing says who", StringComparison.Ordinal));
    }

    [Fact]
    public void A_list_without_titles_is_taken_line_by_line() =>
        Assert.Equal(2, Templates.Right(Read("Rendre le PC\nRemercier\n", "liste.csv").Yaml).Tasks.Count);

    [Fact]
    public void A_file_whose_name_cannot_be_shown_gives_a_template_with_a_name() =>
        Assert.Equal("checklist", Templates.Right(Read("Rendre le PC\nRemercier\n", "\u0003 .csv").Yaml).Title.Fr);

    [Fact]
    public void An_empty_or_endless_list_is_refused()
    {
        Assert.Equal("checklist-empty", Checklist.Read("Task;Who\n"u8.ToArray(), "x.csv").Problem?.Code);
        Assert.Equal("checklist-too-long", Checklist.Read(Encoding.UTF8.GetBytes("Task\n" + string.Concat(Enumerable.Repeat("one\n", 300))), "x.csv").Problem?.Code);
    }

    [Fact]
    public void Whatever_the_cells_the_template_is_right_or_the_file_refused() =>
        Gen.Select(Gen.Char["aé;,\t\"'J-+19 :#{}[]\n\r|»😀\u00a0"].Array[0, 200], Gen.String[0, 20]).Sample((letters, name) =>
        {
            var draft = Checklist.Read(Encoding.UTF8.GetBytes("Tâche;Qui;Quand;Détails\n" + new string(letters)), name);
            if (draft.Ok)
            {
                Templates.Right(draft.Value.Yaml);
            }
        });

    private static (int, string, TaskOwner, TaskAnchor) Of(TaskTemplate task) => (task.Step, task.Kind, task.Owner, task.Anchor);

    private static ChecklistDraft Read(string text, string name)
    {
        var draft = Checklist.Read(Encoding.UTF8.GetBytes(text), name);
        Assert.True(draft.Ok, draft.Problem?.Message.En);
        return draft.Value;
    }
}
