namespace Depart.Connectors.Manual;

/// <summary>Settings of a system that has no interface for machines.</summary>
public sealed class ManualSettings : ISettingsCheck
{
    /// <summary>What to do, in French; shown to whoever does it.</summary>
    [Setting(1, "Instructions in French", "Consigne en français", Multiline = true,
        HelpEn = "Exactly what to do, where, and what proof to keep. One of the two languages is enough.",
        HelpFr = "Ce qu’il faut faire exactement, où, et quelle preuve garder. L’une des deux langues suffit.")]
    public string? InstructionsFr { get; set; }

    /// <summary>What to do, in English.</summary>
    [Setting(2, "Instructions in English", "Consigne en anglais", Multiline = true,
        HelpEn = "For example: in the badge office's software, open the person's card, choose Withdraw, keep a screenshot.",
        HelpFr = "La même, en anglais, pour les collègues qui ne lisent pas le français.")]
    public string? InstructionsEn { get; set; }

    /// <summary>Who does it: a person, a team, a desk. Shown with the step.</summary>
    [Setting(3, "Done by", "Fait par",
        HelpEn = "The person, team or desk that closes the access; it is shown with the step.",
        HelpFr = "La personne, l’équipe ou le guichet qui ferme l’accès ; montré avec l’étape.")]
    public string? Owner { get; set; }

    /// <summary>Whether everybody who leaves is taken to have an account here.</summary>
    [Setting(4, "Every leaver has an account here", "Chaque partant y a un compte",
        HelpEn = "Yes: the step is asked for every leaver. No: only for the accounts listed below.",
        HelpFr = "Oui : l’étape est demandée pour chaque partant. Non : seulement pour les comptes listés ci-dessous.")]
    public bool EveryLeaver { get; set; } = true;

    /// <summary>Logins or mails of the accounts, when not every leaver has one.</summary>
    [Setting(5, "Accounts", "Comptes",
        HelpEn = "Logins or mails of the accounts of this system, one a line. To be filled in when some leavers have no account here.",
        HelpFr = "Identifiants ou adresses des comptes de ce système, un par ligne. À remplir si certains partants n’y ont pas de compte.")]
    public IReadOnlyList<string> Accounts { get; set; } = [];

    /// <inheritdoc/>
    public IEnumerable<SettingProblem> Check()
    {
        if (string.IsNullOrWhiteSpace(InstructionsFr) && string.IsNullOrWhiteSpace(InstructionsEn))
        {
            yield return new(nameof(InstructionsFr), new(
                "Say what is to be done, in one language at least.", "Dites ce qu’il y a à faire, dans une langue au moins."));
        }

        if (!EveryLeaver && Accounts.Count == 0)
        {
            yield return new(nameof(Accounts), new(
                "List the accounts, or say that every leaver has one: otherwise this system would never be closed for anybody.",
                "Listez les comptes, ou dites que chaque partant en a un : sinon ce système ne serait jamais fermé pour personne."));
        }
    }
}
