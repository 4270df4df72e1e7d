using System.Text;
using System.Text.Json;
using static Depart.Evidence.ReportSheet;

namespace Depart.Evidence;

/// <summary>What the report says of the archive it lies in.</summary>
/// <param name="At">When it was exported, UTC.</param>
/// <param name="Fingerprint">Of the key that signs.</param>
internal sealed record ReportFrame(DateTimeOffset At, string Fingerprint);

/// <summary>
/// The readable part of an archive, for a security officer and an auditor: HTML without script nor network, for the screen and for A4 paper.
/// Made from the entries alone, so that anybody can make it anew and compare.
/// </summary>
public sealed partial class EvidenceReport
{
    private readonly EvidenceStory story;
    private readonly ReportFrame frame;
    private readonly ReportSheet sheet;

    private EvidenceReport(EvidenceStory story, ReportFrame frame, bool french) => (this.story, this.frame, sheet) = (story, frame, new(french, story.Zone));

    /// <summary>Makes the report of an archive anew from its journal; verify the archive first.</summary>
    /// <exception cref="InvalidDataException">It is not an archive.</exception>
    public static string Of(byte[] archive, bool french)
    {
        try
        {
            var (files, _) = EvidenceZip.Read(archive, EvidenceVerifier.MaxBytes);
            var manifest = Manifest.Parse(files[EvidenceArchive.Manifest]);
            var personal = files.TryGetValue(EvidenceArchive.Personal, out var lines)
                ? ChainReading.Lines(lines).Select(line =>
                {
                    using var document = JsonDocument.Parse(line);
                    var root = document.RootElement;
                    return (root.GetProperty("seq").GetInt64(), new PersonalValue(root.GetProperty("name").GetString()!, root.GetProperty("value").GetString()!, root.GetProperty("salt").GetString()!));
                }).ToList()
                : null;
            return Encoding.UTF8.GetString(Render(EvidenceStory.Of(ChainReading.Lines(files[EvidenceArchive.Journal]), personal), new(manifest.At, manifest.Key), french));
        }
        catch (Exception error) when (error is KeyNotFoundException or FormatException or InvalidOperationException or JsonException or ArgumentException)
        {
            throw new InvalidDataException(error.Message, error);
        }
    }

    internal static byte[] Render(EvidenceStory story, ReportFrame frame, bool french) => Encoding.UTF8.GetBytes(new EvidenceReport(story, frame, french).Write());

    private string Write()
    {
        var title = sheet.Say("Evidence of a departure", "Preuves d’un départ");
        sheet.Append("<!doctype html>\n<html lang=\"").Append(sheet.French ? "fr" : "en").Append("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">")
            .Append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"><title>").Append(Safe(title)).Append("</title><style>").Append(Style).Append("</style></head><body>\n");
        Head(title);
        foreach (var run in story.Runs)
        {
            Run(run);
        }

        Proving();
        Levels();
        Journal();
        return sheet.Append("</body></html>\n").ToString();
    }

    private void Head(string title)
    {
        sheet.Append("<header><h1>").Append(Safe(title)).Append("</h1>");
        if (story.WithoutPersonal)
        {
            sheet.Paragraph(sheet.Say("This copy was made without names and personal values. The signed journal that it stands on is the same.", "Cette copie a été faite sans noms ni valeurs personnelles. Le journal signé sur lequel elle repose est le même."), "note");
        }

        sheet.Append("<dl>");
        sheet.Pair(sheet.Say("Person", "Personne"), story.Person ?? Erased);
        if (story.Departure is { } departure)
        {
            var cut = EvidenceStory.Instant(departure, "cutAt");
            sheet.Pair(sheet.Say("Last working day", "Dernier jour travaillé"), EvidenceStory.Text(departure, "lastDay") ?? "—");
            sheet.Pair(sheet.Say("Reason", "Motif"), ReportWords.Reason(EvidenceStory.Text(departure, "reason")).In(sheet.French));
            sheet.Pair(sheet.Say("Cut planned for", "Coupure prévue le"), cut is null ? "—" : sheet.Both(cut.Value));
            sheet.Pair(sheet.Say("State", "État"), ReportWords.State(story.Runs.LastOrDefault()?.State ?? EvidenceStory.Text(departure, "state")).In(sheet.French));
        }

        sheet.Pair(sheet.Say("Identifier", "Identifiant"), story.Chain);
        sheet.Pair(sheet.Say("Exported", "Exporté le"), sheet.Both(frame.At));
        sheet.Append("</dl></header>\n");
        if (story.Runs.All(run => run.Started is null))
        {
            sheet.Paragraph(sheet.Say("When this archive was exported no disconnection had begun: it proves no cut.", "Lors de l’export de cette archive, aucune déconnexion n’avait commencé : elle ne prouve aucune coupure."), "warn");
        }
    }

    private string Title(StoryAccount account, string? action) =>
        account.Planned.FirstOrDefault(step => step.Action == action)?.Title.In(sheet.French) ?? ReportWords.Action(action).In(sheet.French);

    private string Name(StoryAccount account) => $"{account.System ?? account.Id} · {account.Login ?? Erased}";

    private string Erased => story.WithoutPersonal ? sheet.Say("[left out]", "[omis]") : sheet.Say("[erased]", "[effacé]");

    private string By(StoryEntry? entry) => entry switch
    {
        null => "—",
        { Via: "Engine" } => sheet.Say("Depart, at the instant set", "Départ, à l’instant fixé"),
        { By: { } name } => name,
        _ => Erased,
    };
}
