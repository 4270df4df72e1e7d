using System.Text.RegularExpressions;
using Depart.Foundation;
using Depart.Missions;
using Depart.Processes.Yaml;

namespace Depart.Processes;

public sealed class ShippedTemplatesTests
{
    public static TheoryData<string> Keys => [.. ShippedTemplates.Keys];

    [Theory]
    [MemberData(nameof(Keys))]
    public void It_is_right_and_covers_the_seven_steps(string key)
    {
        var document = Templates.Right(ShippedTemplates.Text(key));

        Assert.Equal([1, 2, 3, 4, 5, 6, 7], document.Tasks.Select(task => task.Step).Distinct());
        Assert.Contains(document.Tasks, task => task is { Kind: TaskKinds.Disconnection, Blocking: true, Evidence: true });
    }

    [Fact]
    public void The_regie_template_asks_at_most_eight_acts_of_the_manager_whatever_the_departure()
    {
        var document = ShippedTemplates.Documents["consultant-regie"];
        var asked = EvaluationTests.Facts.Where(document.IsFor).Select(facts => (Facts: facts, Acts: document.TasksFor(facts).Where(task => task.Owner == TaskOwner.Manager).ToList())).ToList();

        Assert.NotEmpty(asked);
        Assert.All(asked, one => Assert.True(one.Acts.Count <= 8, $"{one.Facts}: {string.Join(", ", one.Acts.Select(act => act.Key))}"));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Every_departure_that_it_is_for_gets_texts_that_respect_the_status_of_the_person(string key)
    {
        var document = ShippedTemplates.Documents[key];
        foreach (var facts in EvaluationTests.Facts.Where(document.IsFor))
        {
            foreach (var (task, words) in document.TasksFor(facts).SelectMany(task => new[] { (task, task.Title), (task, task.Instructions), (task, task.Done) }))
            {
                var wrong = Forbidden(facts.Status).FirstOrDefault(pattern => Regex.IsMatch(words.Fr + "\n" + words.En, pattern, RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1)));
                Assert.True(wrong is null, $"{key} {task.Key} {facts.Status}: {wrong}\n{words.Fr}\n{words.En}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void French_is_written_as_French_and_English_as_English(string key)
    {
        foreach (var (place, words) in Texts(Templates.Read(ShippedTemplates.Text(key)).Source!))
        {
            Assert.False(Regex.IsMatch(words.Fr, @"\w'\w|[^\u00a0\u202f][;?!»]| [:;?!»]|\w:(?!\w)|«[^\u00a0]", RegexOptions.None, TimeSpan.FromSeconds(1)), $"{place}: {words.Fr}");
            Assert.False(Regex.IsMatch(words.En, @"\w'\w|[\u00a0 ][:;?!]|[«»]", RegexOptions.None, TimeSpan.FromSeconds(1)), $"{place}: {words.En}");
            Assert.False(words.Fr == words.En, place);
            var anglicism = Anglicisms.FirstOrDefault(word => Regex.IsMatch(words.Fr, $@"\b{word}\b", RegexOptions.IgnoreCase, TimeSpan.FromSeconds(1)));
            Assert.True(anglicism is null, $"{place}: {anglicism}");
            Assert.True(Math.Abs(words.Fr.Split("\n\n").Length - words.En.Split("\n\n").Length) == 0, $"{place}: the paragraphs differ");
        }
    }

    [Fact]
    public void The_internal_one_says_what_it_does_not_cover()
    {
        var document = ShippedTemplates.Documents["internal-employee"];

        Assert.Contains("ne couvre pas les documents du droit du travail", document.Description.Fr, StringComparison.Ordinal);
        Assert.Contains("does not cover the papers of labour law", document.Description.En, StringComparison.Ordinal);
        Assert.All(ShippedTemplates.Keys.Skip(1), key => Assert.DoesNotContain(ShippedTemplates.Documents[key].Tasks, task => task.Key == "labour-papers"));
    }

    [Theory]
    [InlineData("consultant-regie")]
    [InlineData("consultant-forfait")]
    [InlineData("supplier-contract-end")]
    public void Before_a_planned_cut_the_leaver_is_told_the_hour_and_may_take_private_items(string key)
    {
        var document = ShippedTemplates.Documents[key];
        var planned = EvaluationTests.Facts.Where(facts => document.IsFor(facts) && !facts.Immediate);

        Assert.All(planned, facts => Assert.Superset(new HashSet<string> { "cut-notice", "private-items" }, document.TasksFor(facts).Select(task => task.Key).ToHashSet()));
    }

    [Fact]
    public void In_an_immediate_departure_nobody_outside_the_named_few_is_asked_for_anything_before_the_cut()
    {
        var document = ShippedTemplates.Documents["immediate-departure"];
        foreach (var facts in EvaluationTests.Facts.Where(document.IsFor))
        {
            var tasks = document.TasksFor(facts);
            Assert.DoesNotContain(tasks, task => task.Key is "cut-notice" or "private-items" or "farewell-card");
            Assert.Contains("disconnect", Awaited(tasks, "announce"));
            Assert.Contains("disconnect", Awaited(tasks, "private-items-appointment"));
            Assert.Contains("disconnect", Awaited(tasks, "inform-person"));
        }
    }

    [Fact]
    public void Contractual_acts_go_to_the_supplier_and_its_contact_answers_for_data()
    {
        var document = ShippedTemplates.Documents["consultant-regie"];
        var notice = (ContractualStatus status) => document.TasksFor(new() { Status = status }).Single(task => task.Key == "supplier-notice").Instructions.Fr;

        Assert.StartsWith("Écrivez au contact du prestataire", notice(ContractualStatus.SuppliersEmployee), StringComparison.Ordinal);
        Assert.StartsWith("Écrivez à la société de portage", notice(ContractualStatus.PortageSalarial), StringComparison.Ordinal);
        Assert.StartsWith("Écrivez à l’entreprise de travail temporaire", notice(ContractualStatus.TemporaryWorker), StringComparison.Ordinal);
        Assert.StartsWith("Écrivez au prestataire de premier rang", notice(ContractualStatus.SecondRankSubcontractor), StringComparison.Ordinal);
        Assert.StartsWith("Écrivez à la personne, qui est ici le prestataire", notice(ContractualStatus.Independent), StringComparison.Ordinal);
    }

    /// <summary>Words that would make staff of an external person, or a leaver of one who ends a mission.</summary>
    private static string[] Forbidden(ContractualStatus status) => status == ContractualStatus.Internal
        ? [@"solde de tout compte"]
        : [
            @"\bemploy(é|ée|és|ées|eur)\b", @"\bemployee", @"démission", @"resign", @"certificat de travail", @"licenci", @"\bdismiss", @"solde de tout compte", @"collaborat(eur|rice)",
            @"votre équipe\b", @"hiérarchi", @"subordon", @"\bcongés?\b", @"\bsalaire", @"\bsalary", @"entretien annuel", @"matériel prêté", @"supérieur", @"ressource externe", @"period of notice",
            .. status == ContractualStatus.SuppliersEmployee ? Array.Empty<string>() : [@"\bsalarié"],
        ];

    private static readonly string[] Anglicisms =
        ["feedback", "offboarding", "onboarding", "manager", "process", "planning", "mail", "mails", "e-mail", "email", "login", "meeting", "deadline", "backup", "reporting", "checklist", "check-list", "team", "workflow", "digital", "impacter", "adresser un problème", "supporter", "finaliser"];

    private static List<string> Awaited(IReadOnlyList<TaskTemplate> tasks, string key)
    {
        var (found, open) = (new List<string>(), new Queue<string>(tasks.Single(task => task.Key == key).After));
        while (open.TryDequeue(out var next))
        {
            found.Add(next);
            tasks.Single(task => task.Key == next).After.ToList().ForEach(open.Enqueue);
        }

        return found;
    }

    private static IEnumerable<(string Place, Words Words)> Texts(ProcessSource source)
    {
        yield return ("title", source.Title);
        yield return ("description", source.Description);
        foreach (var task in source.Tasks)
        {
            var said = new[] { (task.Key, task.Value.Title), (task.Key, task.Value.Instructions), (task.Key, task.Value.Done) }
                .Concat(task.Value.Variants.SelectMany(variant => new[] { variant.Title, variant.Instructions, variant.Done }.OfType<Words>().Select(words => (task.Key, words))));
            foreach (var text in said.Where(text => text.Item2.Fr.Length > 0))
            {
                yield return text;
            }
        }
    }
}
