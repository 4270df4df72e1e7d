using Depart.Foundation;

namespace Depart.Step7OnePlatform.PublicNotices;

/// <summary>The shipped texts of public notices: sound for most companies, to be read by each. Where the law differs from the French one, they are changed in the settings.</summary>
internal static class ShippedNotices
{
    private static readonly Words Privacy = new(
        """
        {company} tells you here what is done with your data in Depart, the tool with which it accompanies the ends of missions. Three things to keep in mind: no computation decides about you, nothing is sold or passed to the maker of the software, and you can ask at any time to see, correct or erase what concerns you.

        ## Who answers for it
        {company}
        {address}
        Contact: {contact}, {contact-mail}

        ## Why, and on which basis
        - To close access to systems at the stated hour, and to be able to prove it: the company’s legitimate interest in protecting its information system.
        - To organise the end of the mission (dates, tasks, handover, return of equipment, paperwork): legitimate interest and, for whoever contracts in their own name, performance of the contract.
        - To keep the records that the law requires, those of accounting in particular: legal obligation.
        - To write to a private address and to open your own page once your access is closed: your consent, which you may withdraw at any time without any other effect.
        - To protect this tool (sign-ins, attempts, journal): legitimate interest.

        ## Which data
        Your name and professional contact details, your supplier, your mission and its dates, your accounts on the company’s systems and what was done to them, the tasks of the end of the mission, what the mission manager writes about the service, what you write or attach yourself. A private address, only if you consented to it. Nothing about health, private life, opinions or union activity: please do not write any either. These data come from you, your supplier, the mission manager and the systems themselves.

        ## Who sees them
        Only those who need to: the mission manager, those in charge of services, IT, security and the auditors of {company}; the contact of your supplier, for what the contract asks. Whoever hosts the server ({host}) stores them without looking at them. The company installs the software itself: nothing is sent to its maker. No advertising, no resale, no automated decision about you.

        ## For how long
        For the end of the mission, then as long as what concerns the contract may be disputed, five years as a rule. The journal that proves how access was closed keeps the sequence of facts; names and texts can be erased from it and the proof still holds. Your own page closes six months after your last day, as a rule. The private address is forgotten as soon as you ask.

        ## Your rights
        Access, rectification, erasure, restriction, objection, and portability of what you provided: write to {contact-mail}. You are answered within a month. If the answer does not suit you, you may turn to the data protection authority (in France the CNIL, https://www.cnil.fr).

        ## Cookies
        Only those without which the site does not work: your session, the language and theme you chose, the protection of forms. No audience measurement.
        """,
        """
        {company} vous dit ici ce qui est fait de vos données dans Départ, l’outil avec lequel elle accompagne les fins de mission. Trois choses à retenir : aucun calcul ne décide à votre sujet, rien n’est vendu ni transmis à l’éditeur du logiciel, et vous pouvez à tout moment demander à voir, corriger ou faire effacer ce qui vous concerne.

        ## Qui en répond
        {company}
        {address}
        Contact : {contact}, {contact-mail}

        ## Pourquoi, et sur quelle base
        - Fermer à l’heure dite les accès aux systèmes, et pouvoir le prouver : intérêt légitime de l’entreprise à protéger son système d’information.
        - Organiser la fin de mission (dates, tâches, passation, retour du matériel, démarches administratives) : intérêt légitime et, pour qui contracte en son nom, exécution du contrat.
        - Tenir les pièces qu’impose la loi, comptables notamment : obligation légale.
        - Vous écrire à une adresse privée et vous ouvrir votre espace après la fermeture de vos accès : votre consentement, que vous pouvez retirer à tout moment sans que cela ait d’autre effet.
        - Protéger cet outil (connexions, tentatives, journal) : intérêt légitime.

        ## Quelles données
        Vos nom et coordonnées professionnelles, votre prestataire, votre mission et ses dates, vos comptes sur les systèmes de l’entreprise et ce qui leur a été fait, les tâches de la fin de mission, ce que le responsable de mission écrit de la prestation, ce que vous écrivez ou joignez vous-même. Une adresse privée, seulement si vous y avez consenti. Rien sur la santé, la vie privée, les opinions ni l’activité syndicale : ne l’écrivez pas non plus. Ces données viennent de vous, de votre prestataire, du responsable de mission et des systèmes eux-mêmes.

        ## Qui les voit
        Seulement qui en a besoin : le responsable de mission, les personnes chargées des prestations, l’informatique, la sécurité et les auditeurs de {company} ; le contact de votre prestataire, pour les actes du contrat. L’hébergeur du serveur ({host}) les conserve sans les consulter. Le logiciel est installé par l’entreprise : rien n’est envoyé à son éditeur. Aucune publicité, aucune revente, aucune décision automatisée à votre sujet.

        ## Combien de temps
        Le temps de la fin de mission, puis aussi longtemps que peut être discuté ce qui touche au contrat, cinq ans en règle générale. Le journal qui prouve la fermeture des accès garde la suite des faits ; les noms et les textes peuvent en être effacés sans que la preuve tombe. Votre espace personnel se ferme en principe six mois après votre dernier jour. L’adresse privée est oubliée dès que vous le demandez.

        ## Vos droits
        Accès, rectification, effacement, limitation, opposition, et portabilité de ce que vous avez fourni : écrivez à {contact-mail}. Réponse sous un mois. Si elle ne vous convient pas, vous pouvez saisir la CNIL (https://www.cnil.fr).

        ## Témoins de connexion
        Seulement ceux sans lesquels le site ne marche pas : votre session, la langue et le thème choisis, la protection des formulaires. Aucune mesure d’audience.
        """);

    private static readonly Words Legal = new(
        """
        ## Publisher
        {company}
        {address}
        Responsible for publication: {publisher}
        Contact: {contact}, {contact-mail}

        ## Hosting
        {host}

        ## Purpose and access
        This site serves to conduct and to prove the ends of missions of the suppliers of {company}. It is for those who have an account, those to whom a personal link was sent, and consultants whose mission ends. A link or a code is personal and serves nobody else. Unauthorised access to an information system is punished by law (in France, articles 323-1 and following of the penal code).

        ## Contents
        Texts, documents and marks belong to their owners. What you attach to a task is kept with the departure concerned, as the page “Your personal data” says.

        ## Software
        Depart is installed and run by {company}, which answers for its contents.
        """,
        """
        ## Éditeur
        {company}
        {address}
        Direction de la publication : {publisher}
        Contact : {contact}, {contact-mail}

        ## Hébergement
        {host}

        ## Objet et accès
        Ce site permet de conduire et de prouver les fins de mission des prestataires de {company}. Il est réservé aux personnes qui y ont un compte, à celles à qui un lien personnel a été adressé, et aux consultants dont la mission s’achève. Un lien ou un code est personnel et ne sert qu’à son destinataire. Y accéder ou s’y maintenir sans droit est puni par les articles 323-1 et suivants du code pénal.

        ## Contenus
        Les textes, documents et marques restent à leurs titulaires. Ce que vous joignez à une tâche est conservé avec le départ concerné, comme l’expose la page « Vos données personnelles ».

        ## Logiciel
        Départ est installé et exploité par {company}, qui répond de son contenu.
        """);

    private static readonly Words Accessibility = new(
        """
        {company} wants everybody to be able to use this site. This statement covers all of its pages: signing in, the leaver’s own page, pages opened by a link, and the pages of those who have an account.

        ## Compliance status
        Partially compliant with the French reference RGAA 4.1 and with WCAG 2.2, level AA. This was assessed by the team that makes the software; no third party has audited it, so no rate of compliance is given.

        ## What was checked
        - Each page passes an automatic check (axe-core, every rule it runs by default), in French and in English, light and dark, on a large screen and at a width of 360 pixels, where nothing overflows. Such a check sees only some of the flaws.
        - Pages show and forms are sent without script; each field has a label, each error is said beside its field and in a summary that takes the focus.
        - Contrast, visible focus, reduced motion and forced colours are provided for in the common stylesheet.

        ## What was not
        - The pages were not tried from end to end with the main screen readers, nor by people with disabilities.
        - Wide tables and the timeline of departures need horizontal scrolling on some screens.
        - Files attached by users are not checked.

        ## About this statement
        Drawn up on 28 November 2026 from the software as it is shipped. Technologies: HTML, CSS, SVG, a little JavaScript. Tried with Chromium.

        ## Something in your way?
        Write to {contact}, {contact-mail}: say which page, and what stops you. You will be given the content, or the act done, in another form.

        ## Complaints
        If you get no satisfactory answer you may, in France, turn to the Défenseur des droits:
        - with the form: https://formulaire.defenseurdesdroits.fr;
        - through a local delegate: https://www.defenseurdesdroits.fr/saisir/delegues;
        - by post, free of charge in France: Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07.
        """,
        """
        {company} veut que chacun puisse se servir de ce site. Cette déclaration vaut pour toutes ses pages : connexion, espace du consultant, pages ouvertes par un lien, et pages des personnes qui ont un compte.

        ## État de conformité
        Partiellement conforme au référentiel général d’amélioration de l’accessibilité (RGAA 4.1) et aux règles WCAG 2.2, niveau AA. C’est une évaluation par l’équipe qui réalise le logiciel ; aucun audit n’a été fait par un tiers, et le taux de conformité n’est donc pas calculé.

        ## Ce qui a été vérifié
        - Chaque page passe un contrôle automatique (axe-core, toutes les règles qu’il applique par défaut), en français et en anglais, en thème clair et en thème sombre, sur grand écran et sur une largeur de 360 pixels, que rien ne fait déborder. Un tel contrôle ne voit qu’une partie des défauts.
        - Les pages s’affichent et les formulaires s’envoient sans script ; chaque champ a une étiquette, chaque erreur est dite à côté du champ et dans un résumé qui reçoit le focus.
        - Contrastes, visibilité du focus, réduction des animations et couleurs forcées sont prévus dans la feuille de style commune.

        ## Ce qui ne l’est pas
        - Les pages n’ont pas été essayées de bout en bout avec les principaux lecteurs d’écran, ni par des personnes handicapées.
        - Les tableaux larges et la frise des départs demandent un défilement horizontal sur certains écrans.
        - Les fichiers joints par les utilisateurs ne sont pas contrôlés.

        ## Établissement de la déclaration
        Établie le 28 novembre 2026 d’après le logiciel tel qu’il est fourni. Technologies : HTML, CSS, SVG, un peu de JavaScript. Navigateur d’essai : Chromium.

        ## Une difficulté ?
        Écrivez à {contact}, {contact-mail} : dites la page et ce qui vous arrête. Vous obtiendrez le contenu ou l’acte sous une autre forme.

        ## Recours
        Si vous n’obtenez pas de réponse satisfaisante, vous pouvez saisir le Défenseur des droits :
        - par le formulaire en ligne : https://formulaire.defenseurdesdroits.fr ;
        - auprès de son délégué dans votre région : https://www.defenseurdesdroits.fr/saisir/delegues ;
        - par courrier gratuit, sans timbre : Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07.
        """);

    /// <summary>The shipped text of a notice.</summary>
    public static Words Of(NoticeKind kind) => kind switch
    {
        NoticeKind.Privacy => Privacy,
        NoticeKind.Legal => Legal,
        _ => Accessibility,
    };
}
