using System.Text.Json;
using System.Text.RegularExpressions;
using Fluid;
using Fluid.Ast;

namespace Depart.Foundation.Mail;

/// <summary>Every mail there is, as it will be read: whoever adds one adds nothing here.</summary>
public sealed partial class MailTemplatesTests
{
    private const string Address = "https://depart.exemple.fr";

    private static readonly string[] Languages = ["en", "fr"];

    [Fact]
    public void Every_kind_of_mail_has_both_languages_and_a_sample_and_no_file_is_left_over()
    {
        Assert.NotEmpty(MailTemplates.All);
        Assert.Equal(MailTemplates.All.Select(template => template.Name).Distinct(StringComparer.Ordinal).Count(), MailTemplates.All.Count);
        Assert.All(MailTemplates.All, template => Assert.NotEmpty(template.Samples));
        Assert.Equal(
            MailTemplates.All.SelectMany(template => Languages.Select(language => $"{template.Name}.{language}.liquid")).Order(StringComparer.Ordinal),
            MailTemplates.Files.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_mail_can_be_written_with_every_sample_in_both_languages()
    {
        foreach (var (template, language, values) in Everything())
        {
            var mail = await MailWriter.RenderAsync(template.Name, language, values, Address);

            Assert.False(string.IsNullOrWhiteSpace(mail.Subject), template.Name);
            Assert.Contains("<h1", mail.Html, StringComparison.Ordinal);
            Assert.Contains(Address, mail.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("{{", mail.Html + mail.Subject, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Every_variable_of_a_template_is_a_value_of_its_mail_in_branches_not_taken_too()
    {
        foreach (var template in MailTemplates.All)
        {
            var known = template.Content.GetProperties().Where(property => !property.GetMethod!.IsStatic).Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name)).ToHashSet();
            foreach (var language in Languages)
            {
                var source = MailTemplates.Source(template.Name, language);
                foreach (var part in new[] { source.Subject, source.Body })
                {
                    var names = new Names();
                    names.VisitTemplate(part);
                    Assert.True(names.Used.IsSubsetOf(known.Concat(names.Own)), $"{template.Name}.{language}: {string.Join(", ", names.Used.Except(known).Except(names.Own))}");
                }
            }
        }
    }

    [Theory]
    [InlineData("{{ nom }}")]
    [InlineData("{{ name.family }}")]
    [InlineData("{{ name | shout }}")]
    public async Task An_unknown_variable_member_or_filter_is_an_error_and_not_an_empty_text(string text)
    {
        var template = new FluidParser().Parse(text);

        await Assert.ThrowsAnyAsync<Exception>(async () => await MailWriter.FillAsync(template, "fr", """{"name":"Zoë"}""", Address));
    }

    [Theory]
    [InlineData("{{ day | day }}", "fr", "vendredi 18 décembre 2026")]
    [InlineData("{{ day | day }}", "en", "Friday 18 December 2026")]
    [InlineData("{{ first | day }}", "fr", "vendredi 1er mai 2026")]
    [InlineData("{{ at | hour }}", "fr", "18\u00a0h\u00a030")]
    [InlineData("{{ at | hour }}", "en", "18:30")]
    [InlineData("{{ '/departures/1' | link }}", "en", Address + "/departures/1")]
    [InlineData("{{ '//evil.example/' | link }}", "en", Address + "/")]
    [InlineData("{{ 'https://evil.example/' | link }}", "en", Address + "/")]
    [InlineData("{{ 'javascript:alert(1)' | link }}", "en", Address + "/")]
    [InlineData("{% if nothing %}yes{% else %}no{% endif %}", "en", "no")]
    [InlineData("{% for item in list %}{{ item.what }} {{ item.count }};{% endfor %}", "en", "PC 2;")]
    public async Task Days_hours_and_links_are_said_as_people_say_them(string text, string language, string said) => Assert.Equal(said, System.Net.WebUtility.HtmlDecode(await MailWriter.FillAsync(
        new FluidParser().Parse(text), language, """{"day":"2026-12-18","first":"2026-05-01","at":"18:30:00","nothing":null,"list":[{"what":"PC","count":2}]}""", Address)));

    [Fact]
    public async Task A_mail_loads_nothing_runs_nothing_and_follows_nobody()
    {
        foreach (var (template, language, values) in Everything())
        {
            var html = (await MailWriter.RenderAsync(template.Name, language, values, Address)).Html;

            Assert.DoesNotMatch(@"(?i)\ssrc=|url\(|@import|<link|<script|<iframe|<form|\son\w+=|https?://(?!depart\.exemple\.fr)", html);
            Assert.Contains("prefers-color-scheme: dark", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void French_templates_have_their_spaces_and_apostrophes()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Connectors.Lab.LabRun.Repository(), "src"), "*.fr.liquid", SearchOption.AllDirectories))
        {
            var words = Markup().Replace(File.ReadAllText(file), "");
            Assert.DoesNotMatch(@"\w'\w| [:;?!»]|« ", words);
        }
    }

    [Fact]
    public void Text_keeps_the_paragraphs_lists_tables_quotes_and_addresses_of_the_HTML()
    {
        const string Body = """
            <h1>Une tâche</h1>
            <p>Bonjour   Zoë,<br>à faire&nbsp;:</p>
            <ul>
              <li>rendre <strong>le PC</strong></li>
              <li>signer</li>
            </ul>
            <table><tr><th>Quand</th><td>vendredi</td></tr>
            <tr><th>Où</th><td>ici</td></tr></table>
            <blockquote>Merci &lt;beaucoup&gt;
            À vendredi</blockquote>
            <p><a class="button" href="https://a.exemple/x?a=1&amp;b=2">Ouvrir</a> ou <a href="https://a.exemple/">https://a.exemple/</a></p>
            """;

        Assert.Equal(
            """
            Une tâche

            Bonjour Zoë,
            à faire :

            - rendre le PC
            - signer

            Quand : vendredi
            Où : ici

            > Merci <beaucoup>
            > À vendredi

            Ouvrir <https://a.exemple/x?a=1&b=2> ou https://a.exemple/

            -- 
            Envoyé par Départ, https://a.exemple

            """.ReplaceLineEndings("\n").Replace(" :", "\u00a0:", StringComparison.Ordinal),
            MailLayout.Text("fr", Body, "https://a.exemple"));
    }

    private static IEnumerable<(MailTemplate Template, string Language, string Values)> Everything() =>
        from template in MailTemplates.All
        from sample in template.Samples
        from language in Languages
        select (template, language, JsonSerializer.Serialize(sample, template.Content, MailWriter.ValuesJson));

    [GeneratedRegex(@"\{\{.*?\}\}|\{%.*?%\}|<[^>]+>", RegexOptions.Singleline | RegexOptions.NonBacktracking)]
    private static partial Regex Markup();

    /// <summary>The first name of every variable, and the names that the template gives itself.</summary>
    private sealed class Names : AstVisitor
    {
        public HashSet<string> Used { get; } = new(StringComparer.Ordinal);

        public HashSet<string> Own { get; } = new(StringComparer.Ordinal) { "forloop" };

        protected override Expression VisitMemberExpression(MemberExpression memberExpression)
        {
            if (memberExpression.Segments[0] is IdentifierSegment name)
            {
                Used.Add(name.Identifier);
            }

            return base.VisitMemberExpression(memberExpression);
        }

        protected override Statement VisitForStatement(ForStatement forStatement)
        {
            Own.Add(forStatement.Identifier);
            return base.VisitForStatement(forStatement);
        }

        protected override Statement VisitAssignStatement(AssignStatement assignStatement)
        {
            Own.Add(assignStatement.Identifier);
            return base.VisitAssignStatement(assignStatement);
        }
    }
}
